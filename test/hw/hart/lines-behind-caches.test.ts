import test from 'ava';
import { testMachine, type TestMachineOptions } from './machine.ts';

// What generated code does about lines that the L1 lacks, or may not write yet, where the page is known: docs/engines.md, "Caches behind rules".
const finish = 'li t1, FINISHER\nsd a0, 0(t1)\n9: j 9b';
/** Offsets of lines in the page of data, in other sets of the small caches. */
const [FIRST, SECOND, THIRD] = [0, 64, 576];

interface Outcome {
  readonly a0: bigint | undefined;
  readonly cycles: number;
}

/** Executes a text twice, so that the second time generated code knows the page; `s0` is where the data are, `s1` is 0 in the end. */
function run(text: string, options: TestMachineOptions = {}): Outcome {
  const machine = testMachine({ hasSmallCaches: true, ...options });
  machine.load(`
      la s0, data
      li s1, 2
    again:
      sd zero, ${String(FIRST)}(s0)
      ${text}
      addi s1, s1, -1
      bnez s1, again
      ${finish}
      .balign 4096
    data: .zero 512
    code: li a0, 1
      ret
      .zero 1024`);
  machine.run();
  const { x, cycle } = machine.hart.state;
  return { a0: x[10], cycles: cycle };
}

const asOracle = test.macro((t, text: string, a0?: bigint) => {
  const outcome = run(text);
  t.deepEqual(outcome, run(text, { engine: 'oracle' }));
  if (a0 !== undefined) t.is(outcome.a0, a0);
});

test(
  'a store to a line of a known page ends a reservation of that line',
  asOracle,
  `addi s2, s0, ${String(SECOND)}
   lr.d a2, (s2)
   sd a2, 8(s2)
   sc.d a0, a2, (s2)`,
  1n,
);

test(
  'one to another line of the page does not',
  asOracle,
  `addi s2, s0, ${String(SECOND)}
   ld a3, ${String(THIRD)}(s0)
   lr.d a2, (s2)
   sd a2, ${String(THIRD)}(s0)
   sc.d a0, a2, (s2)`,
  0n,
);

test(
  'a store to code in a known page changes it',
  asOracle,
  `addi s2, s0, 512
   ld a3, 0(s2)
   jalr ra, (s2)
   li t0, 0x00200513 # li a0, 2
   sw t0, 0(s2)
   fence.i
   jalr ra, (s2)`,
  2n,
);

for (const [what, between] of [
  ['right behind the first store to a line', ''],
  ['one behind', 'nop'],
] as const) {
  test(
    `an access ${what} takes as long as with the instruction unit`,
    asOracle,
    `ld a3, ${String(SECOND)}(s0)
     ld a4, ${String(THIRD)}(s0)
     nop
     nop
     sd a3, ${String(THIRD)}(s0)
     ${between}
     ld a4, ${String(THIRD + 8)}(s0)
     ld a4, ${String(FIRST)}(s0)`,
  );
}
