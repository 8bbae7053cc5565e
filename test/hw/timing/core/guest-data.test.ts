import test from 'ava';
import { differences, hartFacts } from '../../../../hw/hart/index.ts';
import { RAM_BASE, testMachine } from '../../hart/machine.ts';

// docs/timing.md, "Stages" and "TLB miss".
const ROOT = RAM_BASE + 0x2_4000;
const DATA = RAM_BASE + 0x1_0040;
const GIGABYTE = 2 ** 30;
const PAGE_BYTES = 4096;
/** A leaf that guests may read, write and execute (priv 12.3.1). */
const LEAF = 0xdf;
/** Sv39x4 in hgatp (priv 18.2.10). */
const SV39X4 = 8n << 60n;
/** MPRV, MPP = S and MPV of mstatus: M mode accesses memory as a guest does. */
const AS_GUEST = (1n << 17n) | (1n << 11n) | (1n << 39n);

const text = `
  li t0, -1
  srli t0, t0, 10
  csrw pmpaddr0, t0
  csrwi pmpcfg0, 0x1f
  li t0, ${String(ROOT)}
  li t1, ${String((RAM_BASE / PAGE_BYTES) * 2 ** 10 + LEAF)}
  sd t1, ${String((RAM_BASE / GIGABYTE) * 8)}(t0)
  li t2, ${String(DATA)}
  li a1, 77
  sd a1, 0(t2)
  li t1, ${String(SV39X4 + BigInt(ROOT / PAGE_BYTES))}
  csrw hgatp, t1
  li t1, ${String(AS_GUEST)}
  csrs mstatus, t1
  li t0, 20
1: ld a0, 0(t2)
  ld a2, 8(t2)
  addi t0, t0, -1
  bnez t0, 1b
end: j end`;

test('HLV and HSV find their pages through the tables of the guest, where the data of the mode are not translated', (t) => {
  const program = text
    .replace(/li t1, \d+\n +csrs mstatus, t1/, '')
    .replace('ld a0, 0(t2)', 'hlv.d a0, (t2)')
    .replace('ld a2, 8(t2)', 'hsv.d a0, (t2)');
  const facts = (['oracle', 'interpreter'] as const).map((engine) => {
    const machine = testMachine({ profile: 'none', inStages: true, engine });
    machine.load(program);
    machine.run(4000);
    t.is(machine.hart.state.x[10], 77n);
    // One table of stage 2, which the store has brought into the cache, has the leaf of 1 GiB: one walk of nine cycles, whose first
    // bubble may be booked on what emptied the pipeline before.
    const walk = machine.hart.account.tree.snapshot().M['walk-stage-2'];
    t.true(walk === 8 || walk === 9, `${String(walk)} cycles of walks`);
    return hartFacts(machine.hart);
  });
  const [expected = new Map<string, string>(), actual = new Map<string, string>()] = facts;
  t.deepEqual(differences(expected, actual), []);
});

test('M mode finds pages of a guest in the TLB of data, whose page it has itself for fetching', (t) => {
  const facts = (['oracle', 'interpreter'] as const).map((engine) => {
    const machine = testMachine({ profile: 'none', inStages: true, engine });
    machine.load(text);
    machine.run(3000);
    t.is(machine.hart.state.x[10], 77n);
    const walks = machine.hart.account.tree.snapshot().M['walk-stage-2'];
    t.true(walks > 0 && walks < 500, `${String(walks)} cycles of walks`);
    return hartFacts(machine.hart);
  });
  const [expected = new Map<string, string>(), actual = new Map<string, string>()] = facts;
  t.deepEqual(differences(expected, actual), []);
});
