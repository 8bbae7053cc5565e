import test from 'ava';
import { runToBreak, takes, takesWithFloat } from './run-to-break.ts';

// Counts follow docs/timing.md, "Issue".
test('independent instructions take one cycle each', takes, 'addi a0, x0, 1\nadd a2, a3, a4', 2);
test('a result is forwarded to the next instruction', takes, 'addi a0, x0, 1\nadd a2, a0, a0', 2);

// Counts follow docs/timing.md, "Load-use".
test('a load followed by its user stalls once', takes, 'ld a0, 0(a1)\nadd a2, a0, a0', 3);
test('an independent instruction hides the stall', takes, 'ld a0, 0(a1)\nadd a2, a3, a3', 2);
test('a word load stalls like a doubleword', takes, 'lw a0, 0(a1)\nadd a2, a0, a0', 3);
test('a byte load stalls its user twice', takes, 'lb a0, 0(a1)\nadd a2, a0, a0', 4);
test('a halfword load stalls its user twice', takes, 'lhu a0, 0(a1)\nadd a2, a0, a0', 4);
test('one instruction hides one of the two', takes, 'lb a0, 0(a1)\nnop\nadd a2, a0, a0', 4);
test('two instructions hide both', takes, 'lb a0, 0(a1)\nnop\nnop\nadd a2, a0, a0', 4);
test(
  'a pointer chase pays at each step',
  takes,
  'sd a1, 0(a1)\nnop\nnop\nld a0, 0(a1)\nld a0, 0(a0)\nld a0, 0(a0)',
  8,
);
test('writing the same register waits as a use does', takes, 'ld a0, 0(a1)\nld a0, 8(a1)', 3);
test(
  'a value that is overwritten is not waited for',
  takes,
  'lb a0, 0(a1)\naddi a0, x0, 1\nadd a2, a0, a0',
  5,
);
test('loads into x0 make nobody wait', takes, 'ld x0, 0(a1)\nadd a2, x0, x0', 2);
test('a taken branch ends the straight line', takes, 'ld a0, 0(a1)\nj 1f\n1: add a2, a0, a0', 4);

// Counts follow docs/timing.md, "CSR read".
test('a CSR read followed by its user stalls twice', takes, 'csrr a0, mhartid\nadd a2, a0, a0', 4);
test('CSR reads follow each other', takes, 'csrr a0, mhartid\ncsrr a2, mhartid', 2);

// Counts follow docs/timing.md, "Store then load".
test(
  'a load right behind a store to its bytes is replayed',
  takes,
  'sd a0, 0(a1)\nld a2, 0(a1)',
  7,
);
test('so it is two instructions behind', takes, 'sd a0, 0(a1)\nnop\nld a2, 0(a1)', 8);
test('three instructions behind it is not', takes, 'sd a0, 0(a1)\nnop\nnop\nld a2, 0(a1)', 4);
test('a load of other bytes is not', takes, 'sw a0, 0(a1)\nlw a2, 4(a1)', 2);
test('a load of one stored byte is', takes, 'sd a0, 0(a1)\nlb a2, 7(a1)', 7);

// Counts follow docs/timing.md, "Fence".
test('a fence takes one cycle', takes, 'fence', 1);
test('behind a store, too', takes, 'sd a0, 0(a1)\nfence', 2);
test(
  'an access behind it waits for those before it',
  takes,
  'sd a0, 0(a1)\nfence\nld a2, 64(a1)',
  5,
);
test('others do not', takes, 'sd a0, 0(a1)\nfence\nnop', 3);
test('nor does an access without one before it', takes, 'fence\nld a2, 64(a1)', 2);
test('FENCE.I waits for accesses', takes, 'sd a0, 0(a1)\nfence.i', 29);
test('FENCE.I refetches', takes, 'fence.i', 25);

// Counts follow docs/timing.md, "Atomic".
test(
  'a load of what an AMO has changed is replayed',
  takes,
  'amoadd.d a0, a2, (a1)\nld a3, 0(a1)',
  7,
);
test('so is an AMO', takes, 'amoadd.d a0, a2, (a1)\namoadd.d a3, a2, (a1)', 7);
test('and an LR', takes, 'amoadd.d a0, a2, (a1)\nlr.d a3, (a1)', 7);
test('it waits for the register first', takes, 'amoadd.d a0, a2, (a1)\namoadd.d a0, a2, (a1)', 8);
// The sum comes in cycle 2, the other AMO in 3, which is soon enough to be replayed.
test(
  'three cycles behind it still is',
  takes,
  'amoadd.d a0, a2, (a1)\nadd a3, a0, a0\namoadd.d a4, a2, (a1)',
  9,
);
test('a load of bytes beside them is not', takes, 'amoadd.d a0, a2, (a1)\nld a3, 64(a1)', 2);
test('nor a store', takes, 'amoadd.d a0, a2, (a1)\nsd x0, 0(a1)', 2);
test(
  'nor what has another base register than it seems',
  takes,
  'addi a2, a1, 64\nsd a2, 0(a1)\nnop\nnop\nnop\namoadd.d a1, x0, (a1)\nnop\nld a3, 0(a1)',
  8,
);
test(
  'the result of an AMO is there like that of a load',
  takes,
  'amoadd.d a0, a2, (a1)\nadd a3, a0, a0',
  3,
);
test(
  'an AMO behind a store to its bytes is replayed',
  takes,
  'sd a0, 0(a1)\namoadd.d a2, a3, (a1)',
  7,
);
test('behind one to others it is not', takes, 'sd a0, 64(a1)\namoadd.d a2, a3, (a1)', 2);
test('aq keeps accesses back', takes, 'amoadd.d.aq a0, a2, (a1)\nld a3, 64(a1)', 5);
test('rl waits for those before', takes, 'ld a3, 64(a1)\namoadd.d.rl a0, a2, (a1)', 5);
test('LR behind SC', takes, 'lr.d a0, (a1)\nnop\nsc.d a2, x0, (a1)\nlr.d a3, (a1)', 9);
test('an SC behind an SC has failed', takes, 'sc.d a2, x0, (a1)\nsc.d a2, x0, (a1)', 4);
test('LR and SC', takes, 'lr.d a0, (a1)\nsc.d a2, a0, (a1)\nbnez a2, 1f\n1:', 6);

// Counts follow docs/timing.md, "CSR write".
test('a CSR write empties the pipeline', takes, 'csrw mie, x0\nnop', 6);
test('even if it changes nothing', takes, 'csrs mie, x0\ncsrsi mie, 0', 2);
test('a set with an operand writes', takes, 'csrs mie, a0', 5);
test(
  'the trap scratch registers do not empty it',
  takes,
  'csrw mscratch, a0\ncsrw mepc, a0\ncsrw sscratch, a0\ncsrw vsepc, a0\ncsrw uscratch, a0',
  5,
);
test('utvec does', takes, 'csrw utvec, a1', 5);

// Counts follow docs/timing.md, "Translation fence".
test('SFENCE.VMA', takes, 'sfence.vma\nnop', 6);
test('HFENCE.GVMA with operands', takes, 'hfence.gvma a0, a1', 5);

// Counts follow docs/timing.md, "Uncached".
test('a store to a device', takes, 'lui t0, 0x100\nsd a0, 8(t0)', 2);
test('another store behind it', takes, 'lui t0, 0x100\nsd a0, 8(t0)\nsd a0, 8(t0)', 13);
test('a load from a device', takes, 'lui t0, 0x100\nld a0, 8(t0)', 2);
test('its user', takes, 'lui t0, 0x100\nld a0, 8(t0)\nadd a0, a0, a0', 14);
test(
  'a load of a floating-point register from a device',
  takesWithFloat,
  'lui t0, 0x100\nfld f1, 8(t0)\nfadd.d f2, f1, f1',
  15,
);

test('a user waits for a load behind a branch that other ways lead to as well', (t) => {
  // In line the user is two instructions behind a byte load, which hides one of its two cycles.
  const turns = 40;
  const { leaves } = runToBreak(`
    li t0, ${String(turns)}
    1: lb a0, 0(a1)
    2: bnez x0, 3f
    add a2, a0, a0
    addi t0, t0, -1
    bltz t0, 2b
    bnez t0, 1b
    3:`);
  t.is(leaves['load-use'], turns);
});
