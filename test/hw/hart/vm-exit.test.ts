import test from 'ava';
import { hstatus, htval, hutval, pmpcfgs, utval } from '../../../hw/isa/index.ts';
import { guestMachine } from './guest-machine.ts';
import { RAM_BASE } from './machine.ts';
import { Leaf } from './page-tables.ts';

// The handler counts exits in s0 and ends the run when the guest asks for it with a7 = 1.
const handler = `
  addi s0, s0, 1
  nop
dispatch:
  csrr t0, uepc
  addi t0, t0, 4
handler:
  csrw uepc, t0
  csrr s1, ucause
  csrr s2, utval
  csrr s3, hutval
  csrr s4, hutinst
  csrr s5, hustatus
  bnez a7, end
restore:
  nop
  huret
end:
  li t1, FINISHER
  sd s0, 0(t1)
  j end
`;

const hypercalls = `
  li t2, 10
1:
  ecall
  addi t2, t2, -1
  bnez t2, 1b
  li a7, 1
  ecall
`;

function started(guest: string, options: Parameters<typeof guestMachine>[2] = {}) {
  const machine = guestMachine(handler, guest, options);
  for (const step of ['dispatch', 'handler', 'restore'] as const) {
    machine.hart.probes.set(Number(machine.labels.get(step)), step);
  }
  return machine;
}

test('an ecall from VS exits to HU and HURET resumes the guest behind it', (t) => {
  const machine = started(hypercalls);
  machine.run();
  t.is(machine.finished(), 11n);
  t.is(machine.hart.state.x[7], 0n, 'the guest counted down in t2');
  t.is(machine.hart.state.x[9], 10n, 'ucause');
  t.is(machine.hart.mode, 'HU');
});

test('every cycle is on a leaf of the mode that spent it', (t) => {
  const { hart, run } = started(hypercalls);
  run();
  t.is(hart.account.tree.sum(), hart.state.cycle);
  t.true(hart.account.tree.sumOf('VS') > 0);
  t.true(hart.account.tree.sumOf('HU') > 0);
  t.is(hart.account.tree.sumOf('VS') + hart.account.tree.sumOf('HU'), hart.state.cycle);
  t.is(hart.account.tree.at('VS', 'trap-entry'), 11 * 5);
});

test('the exit recorder counts the exits and splits each into its steps', (t) => {
  const { hart, run } = started(hypercalls);
  run();
  const [summary, ...others] = hart.exits.summaries();
  t.deepEqual(others, []);
  if (summary === undefined) return;
  t.like(summary, { handler: 'HU', cause: 'environmentCallFromVS' });
  t.is(summary.total.count, 10);
  const { trap, save, dispatch, handler: handling, restore, return: back, nested } = summary.steps;
  t.deepEqual([trap.min, trap.max], [5, 5]);
  t.deepEqual([save.min, save.max], [2, 2]);
  t.is(dispatch.min, 4, 'csrr and its user');
  t.is(handling.min, 7);
  t.is(restore.min, 1);
  t.deepEqual([back.min, back.max], [5, 5]);
  t.is(nested.max, 0);
  const steps = [trap, save, dispatch, handling, restore, back];
  t.is(
    steps.reduce((sum, { min }) => sum + min, 0),
    summary.total.min,
  );
  t.is(
    steps.reduce((sum, { mean }) => sum + mean, 0),
    summary.total.mean,
  );
});

test('a guest-page fault reports address, guest physical address and no instruction', (t) => {
  const { hart, run, finished } = started(`
    li t0, 0x123458
    ld a0, 8(t0)
    li a7, 1
    ecall
  `);
  let seen: readonly (bigint | undefined)[] = [];
  hart.onTrap = ({ cause }) => {
    if (cause === 21) seen = [hart.csrs.stored(utval), hart.csrs.stored(hutval)];
  };
  run();
  t.is(finished(), 2n);
  t.deepEqual(seen, [0x123460n, 0x123460n >> 2n]);
  t.is(hart.state.x[20], 0n, 'hutinst');
});

test('with tinst on, a guest-page fault reports its transformed instruction', (t) => {
  const guest = 'li t0, 0x123458\nmv a0, a7\nli a7, 1\nsd a0, 8(t0)';
  const { hart, run } = started(guest, { knobs: { tinst: 'on' } });
  run();
  // sd with immediate and rs1 cleared, bit 0 set as the manual requires.
  t.is(hart.state.x[20], 0x00a0_3023n);
  t.is(hart.state.x[9], 23n);
});

test('a guest that leaves its V range faults to the kernel, and not to its hypervisor', (t) => {
  const { hart, run } = started('li a7, 1\necall');
  for (const register of pmpcfgs) hart.csrs.write(register, 0n);
  const causes: string[] = [];
  hart.onTrap = ({ cause, to }) => {
    causes.push(`${String(cause)} ${to}`);
    if (causes.length === 1) t.is(hart.csrs.stored(htval), 0x1_0000n >> 2n);
  };
  run(20);
  t.is(causes[0], '1 HS');
  t.is(hart.csrs.field(hstatus, 'spv'), 0n, 'the second fault came from HS itself');
});

test('without DV-Ext the same exits go to HS', (t) => {
  const { hart, run } = started(hypercalls, { profile: 'none' });
  const targets = new Set<string>();
  hart.onTrap = ({ to }) => {
    targets.add(to);
  };
  run(200);
  t.deepEqual([...targets], ['HS']);
});

const violates = test.macro<[instruction: string, cause: number]>({
  exec: (t, instruction, cause) => {
    const { hart, run, memory } = started(`li t0, 0x1f000\n${instruction}\nli a7, 1\necall`);
    // The last guest page is the first of the host's own.
    const bytes = new Uint8Array(8);
    const entry = (BigInt(RAM_BASE / 4096) << 10n) | Leaf.user;
    new DataView(bytes.buffer).setBigUint64(0, entry, true);
    memory.load(RAM_BASE + 0x20_5000 + 0x1f * 8, bytes);
    const before = memory.copy(RAM_BASE, 64);
    const traps: unknown[] = [];
    hart.onTrap = (trap) => {
      if (traps.length > 0) return;
      const { cause: seen, to, from, tval } = trap;
      traps.push({ cause: seen, to, from, tval, address: hart.csrs.stored(htval) << 2n });
      t.is(hart.csrs.field(hstatus, 'spv'), 1n);
    };
    run(300);
    const place = { tval: 0x1f000n, address: 0x1f000n };
    t.deepEqual(traps, [{ cause, to: 'HS', from: 'VS', ...place }]);
    t.deepEqual(memory.copy(RAM_BASE, 64), before, 'no bit of the host changed');
  },
  title: (_title, instruction) => `memory checking stops ${instruction} before anything is changed`,
});

test(violates, 'ld a0, 0(t0)', 5);
test(violates, 'sd a0, 0(t0)', 7);
test(violates, 'amoadd.d a0, a1, (t0)', 7);
test(violates, 'lr.d a0, (t0)', 5);
test(violates, 'sc.d a0, a1, (t0)', 7);
test(violates, 'jr t0', 1);
