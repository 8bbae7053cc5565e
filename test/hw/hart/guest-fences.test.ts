import test from 'ava';
import { Scene } from './scene.ts';

/** From the entry of the page of data to that of the page of code, in the guest's table as in stage 2. */
const TO_CODE = -32;

/** Hypervisor code under another VMID; t3 keeps `hgatp`. */
const elsewhere = (text: string): string => `
  csrr t3, hgatp
  li t4, 1
  slli t4, t4, 44
  or t4, t4, t3
  csrw hgatp, t4
  ${text}
  csrw hgatp, t3`;

/**
 * Whether a guest that has read its page sees that the page's entry in a table has changed. The change and `hypervisor` are executed in M mode,
 * `guest` behind them in VS; a0 is the address of the page.
 */
function isSeen(table: 'guest' | 'stage2', hypervisor: string, guest = ''): boolean {
  const scene = new Scene({ mode: 'VS' });
  const { x } = scene.machine.hart.state;
  scene.run(
    `ld a1, 0(a0)
     ecall
     ${guest}
     ld a2, 0(a0)`,
    `li t0, ${String(scene.entry(table))}
     ld t1, ${String(TO_CODE)}(t0)
     sd t1, 0(t0)
     ${hypervisor}
     csrr t0, mepc
     addi t0, t0, 4
     csrw mepc, t0
     mret`,
  );
  return x[11] === 0n && x[12] !== 0n;
}

const OTHER_PAGE = 'li t1, 0x1000\nadd t1, t1, a0\n';
const OTHER_GUEST_PAGE = 'li t1, 0x17000\nsrli t1, t1, 2\n';
const GUEST_PAGE = 'li t1, 0x16000\nsrli t1, t1, 2\n';

test('HFENCE.VVMA makes a changed table of the guest seen: of its page, ASID and VM (priv 18.3.2)', (t) => {
  for (const operation of ['hfence.vvma', 'hinval.vvma']) {
    const seen = (text: string): boolean => isSeen('guest', text);
    t.true(seen(`${operation} x0, x0`), operation);
    t.true(seen(`${operation} a0, x0`));
    t.true(seen(`li t2, 0\n${operation} x0, t2`));
    t.false(seen(`${OTHER_PAGE}${operation} t1, x0`), 'another page');
    t.false(seen(`li t2, 7\n${operation} x0, t2`), 'another ASID');
    t.false(seen(elsewhere(`${operation} x0, x0`)), 'another VM');
  }
});

test('SFENCE.VMA in VS makes it seen: of its page and ASID (priv 18.3.2)', (t) => {
  const seen = (text: string): boolean => isSeen('guest', '', text);
  t.true(seen('sfence.vma'));
  t.true(seen('sfence.w.inval\nsinval.vma x0, x0\nsfence.inval.ir'));
  t.true(seen('sfence.vma a0, x0'));
  t.false(seen(`${OTHER_PAGE}sfence.vma t1, x0`), 'another page');
  t.false(seen('li t2, 7\nsfence.vma x0, t2'), 'another ASID');
});

test('HFENCE.GVMA makes a changed stage 2 seen: of its guest physical page and VM (priv 18.3.2)', (t) => {
  for (const operation of ['hfence.gvma', 'hinval.gvma']) {
    const seen = (text: string): boolean => isSeen('stage2', text);
    t.true(seen(`${operation} x0, x0`), operation);
    t.true(seen(`${GUEST_PAGE}${operation} t1, x0`));
    t.true(seen(`li t2, 0\n${operation} x0, t2`));
    t.true(seen(elsewhere(`${operation} x0, x0`)), 'every VM');
    t.false(seen(`${OTHER_GUEST_PAGE}${operation} t1, x0`), 'another page');
    t.false(seen(`li t2, 7\n${operation} x0, t2`), 'another VM');
    t.false(seen(elsewhere(`csrr t2, hgatp\nsrli t2, t2, 44\n${operation} x0, t2`)), 'another VM');
  }
});

test('nothing but a fence for a guest drops its translations: not SFENCE.VMA of the host (priv 18.3.2)', (t) => {
  for (const table of ['guest', 'stage2'] as const) {
    for (const text of ['nop', 'sfence.vma', 'sfence.vma a0, x0', 'sinval.vma x0, x0', 'fence.i']) {
      t.false(isSeen(table, text), `${table}, ${text}`);
    }
  }
});
