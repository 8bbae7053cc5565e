import test from 'ava';
import type { TestMachine, TestMachineOptions } from '../hw/hart/machine.ts';
import { runToBreak } from './run-to-break.ts';

// Counts follow docs/timing.md, "Pause".
const PERIOD = 32;
/** Decode goes on in the cycle after the low bits were zero, and commits three cycles later. */
const BEHIND = 4;

/** What `a0` and `a1` hold after some code that has been executed twice, so that it is in the caches. */
function registersAfter(body: string, options: TestMachineOptions): readonly [number, number] {
  const text = `li s1, 2\nj 1f\n.balign 64\n1: ${body}\naddi s1, s1, -1\nbnez s1, 1b`;
  let machine: TestMachine | undefined;
  runToBreak(text, options, (made) => (machine = made));
  const [first, second] = [machine?.hart.state.x[10] ?? -1n, machine?.hart.state.x[11] ?? -1n];
  return [Number(first), Number(second)];
}

for (const inStages of [false, true]) {
  const pipeline = inStages ? 'stages' : 'rules';
  const options = { inStages };
  test(`${pipeline}: what follows a PAUSE commits four cycles behind a multiple of 32`, (t) => {
    for (let phase = 0; phase < PERIOD; phase += 5) {
      const nops = 'nop\n'.repeat(phase);
      const [behind, before] = registersAfter(
        `${nops}csrr a1, mcycle\npause\ncsrr a0, mcycle`,
        options,
      );
      t.is(behind % PERIOD, BEHIND);
      // The PAUSE itself takes the cycle after the first read, and what follows one to 32 more.
      const gap = behind - before - 1;
      t.true(gap >= 1 && gap <= PERIOD, `${String(gap)} cycles after the PAUSE`);
    }
  });

  test(`${pipeline}: the low bits are those that software has written`, (t) => {
    const [behind] = registersAfter('li t0, 77\ncsrw mcycle, t0\npause\ncsrr a0, mcycle', options);
    t.is(behind % PERIOD, BEHIND);
    t.true(behind > 77 && behind < 77 + PERIOD + 2 * BEHIND);
  });

  test(`${pipeline}: a FENCE for nothing pauses too, and one for something does not`, (t) => {
    const [behind] = registersAfter('fence rw, 0\ncsrr a0, mcycle', options);
    t.is(behind % PERIOD, BEHIND);
    const [second, first] = registersAfter('csrr a1, mcycle\nfence 0, w\ncsrr a0, mcycle', options);
    t.is(second - first, 2);
  });

  test(`${pipeline}: while mcycle stands still a PAUSE takes one cycle`, (t) => {
    const cycles = (hint: string): number =>
      runToBreak(`csrwi mcountinhibit, 1\n${`${hint}\n`.repeat(3)}`, options).cycles;
    t.is(cycles('pause'), cycles('nop'));
  });
}

test('the wait is booked as one', (t) => {
  const { wait } = runToBreak('pause\nnop').leaves;
  // The slot of cycle 0 is decoded three before the counter began, and the bits are zero in it.
  t.is(wait, 3);
});

test('with a period of one it takes one cycle', (t) => {
  t.is(runToBreak('pause\nnop', { timing: { pausePeriod: 1 } }).cycles, 2);
});
