import test from 'ava';
import type { TestMachine, TestMachineOptions } from '../hw/hart/machine.ts';
import { runToBreak } from './run-to-break.ts';

// Counts follow docs/timing.md, "Atomic".
const LONGEST = 76;
const FAILS = 1n;
const STORES = 0n;

/** What a store-conditional says, by how often its loop has run before, when so many instructions are between it and LR. */
function outcomes(
  between: number,
  options: TestMachineOptions = {},
): readonly (bigint | undefined)[] {
  return [1, 2].map((times) => {
    let machine: TestMachine | undefined;
    const text = `
      li s1, ${String(times)}
      j 1f
      .balign 64
    1: lr.d a2, (a1)
      ${'nop\n'.repeat(between)}
      sc.d a0, a2, (a1)
      addi s1, s1, -1
      bnez s1, 1b`;
    runToBreak(text, options, (made) => (machine = made));
    return machine?.hart.state.x[10];
  });
}

test('rules: an SC stores up to 76 cycles behind its LR', (t) => {
  t.deepEqual(outcomes(LONGEST - 1), [STORES, STORES]);
  t.deepEqual(outcomes(LONGEST), [FAILS, FAILS]);
});

test('stages: so it does, where the code is in the cache', (t) => {
  const options = { inStages: true };
  t.is(outcomes(LONGEST - 1, options)[1], STORES);
  t.is(outcomes(LONGEST, options)[1], FAILS);
});

test('stages: a line of code that is missing in between takes longer', (t) => {
  t.deepEqual(outcomes(15, { inStages: true }), [FAILS, STORES]);
});

test('with 0 a reservation stands as long as nothing ends it', (t) => {
  t.is(outcomes(2 * LONGEST, { timing: { reservationCycles: 0 } })[0], STORES);
});
