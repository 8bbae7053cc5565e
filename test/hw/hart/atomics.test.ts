import test from 'ava';
import { RAM_BASE, testMachine } from './machine.ts';

const finish = 'li t1, FINISHER\nsd a0, 0(t1)\n9: j 9b';

function run(text: string): { readonly a0: bigint | undefined; readonly a1: bigint | undefined } {
  const machine = testMachine();
  machine.load(`la s0, data\n${text}\n${finish}\n.align 6\ndata: .dword 5, 6\n.zero 128`);
  machine.run();
  const { x } = machine.hart.state;
  return { a0: x[10], a1: x[11] };
}

test('SC succeeds while the reservation stands', (t) => {
  t.is(run('lr.d a2, (s0)\naddi a2, a2, 1\nsc.d a0, a2, (s0)\nld a1, 0(s0)').a0, 0n);
});

test('SC without LR fails and stores nothing', (t) => {
  t.deepEqual(run('li a2, 9\nsc.d a0, a2, (s0)\nld a1, 0(s0)'), { a0: 1n, a1: 5n });
});

test('a second SC fails', (t) => {
  t.is(run('lr.w a2, (s0)\nsc.w a3, a2, (s0)\nsc.w a0, a2, (s0)').a0, 1n);
});

test('a store into the reserved line ends the reservation, one beside it does not', (t) => {
  t.is(run('lr.d a2, (s0)\nsd a2, 56(s0)\nsc.d a0, a2, (s0)').a0, 1n);
  t.is(run('lr.d a2, (s0)\nsd a2, 64(s0)\nsc.d a0, a2, (s0)').a0, 0n);
});

test('a trap return ends the reservation', (t) => {
  const text =
    'la t0, 1f\ncsrw mepc, t0\nli t0, 0x1800\ncsrs mstatus, t0\nlr.d a2, (s0)\nmret\n1: sc.d a0, a2, (s0)';
  t.is(run(text).a0, 1n);
});

test('AMO, LR and SC to a misaligned address trap even where hardware splits loads', (t) => {
  for (const text of ['amoadd.w a0, a1, (s0)', 'sc.d a0, a1, (s0)']) {
    const { hart, load, run: go } = testMachine({ misaligned: 'hardware' });
    load(`li s0, ${String(RAM_BASE + 2)}\n${text}`);
    const causes: number[] = [];
    hart.onTrap = ({ cause }) => causes.push(cause);
    go(20);
    t.is(causes[0], 6);
  }
});

test('a store of another hart ends the reservation', (t) => {
  // Hart 1 waits for the flag, stores into hart 0's line and answers; hart 0 then tries its SC.
  const { load, run: go, finished } = testMachine({ hartCount: 2 });
  load(`
    csrr t0, mhartid
    la s0, data
    la s1, flags
    bnez t0, other
    lr.d a2, (s0)
    li t1, 1
    sd t1, 0(s1)
  1: ld t2, 64(s1)
    beqz t2, 1b
    sc.d a0, a2, (s0)
    li t1, FINISHER
    sd a0, 0(t1)
  9: j 9b
  other:
    ld t2, 0(s1)
    beqz t2, other
    sd x0, 8(s0)
    li t1, 1
    sd t1, 64(s1)
  8: j 8b
  .align 6
  data: .zero 64
  flags: .zero 128
  `);
  go();
  t.is(finished(), 1n);
});

test('harts that increment a counter with LR/SC and AMO lose no count', (t) => {
  const { load, run: go, finished } = testMachine({ hartCount: 3 });
  load(`
    la s0, counter
    li s2, 200
    li t6, 1
  1: lr.d a2, (s0)
    addi a2, a2, 1
    sc.d a3, a2, (s0)
    bnez a3, 1b
    amoadd.d x0, t6, (s0)
    addi s2, s2, -1
    bnez s2, 1b
    addi s1, s0, 64
    amoadd.d x0, t6, (s1)
    csrr t0, mhartid
  2: bnez t0, 2b
  3: ld t1, 64(s0)
    addi t1, t1, -3
    bnez t1, 3b
    ld a0, 0(s0)
    li t1, FINISHER
    sd a0, 0(t1)
  9: j 9b
  .align 6
  counter: .zero 128
  `);
  go();
  t.is(finished(), 1200n);
});
