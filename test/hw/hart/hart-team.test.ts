import test from 'ava';
import { differences, hartFacts } from '../../../hw/hart/index.ts';
import { type EngineName, engineNames, engines } from '../../harness/engines.ts';
import { testMachine, type TestMachine } from './machine.ts';

/** Harts at different speeds that add to one word, each at its own pace, and note what they found. */
const counting = `
  csrr s0, mhartid
  la s1, word
  slli s2, s0, 8
  add s2, s2, s1
  addi s2, s2, 64
  li s3, 1
again:
  amoadd.d t0, s3, (s1)
  sd t0, 0(s2)
  addi t1, s0, 3
slower:
  mul t0, t0, t1
  addi t1, t1, -1
  bnez t1, slower
  ld t2, 0(s1)
  xor s4, s4, t2
  ld t2, 0(s2)
  div s5, t2, t0
  j again
  .balign 64
word: .zero 1200
`;

/** One hart in WFI, which another one wakes now and then; the third only computes. */
const waking = `
  csrr s0, mhartid
  la s1, word
  li s2, 8
  csrw mie, s2
  li t0, 1
  beqz s0, sleeper
  beq s0, t0, waker
computer:
  addi s3, s3, 1
  mul s4, s3, s3
  j computer
sleeper:
  wfi
  ld s5, 0(s1)
  addi s6, s6, 1
  j sleeper
waker:
  addi t1, t1, 1
  sd t1, 0(s1)
  andi t2, t1, 63
  bnez t2, waker
  j waker
  .balign 64
word: .zero 64
`;

function started(text: string, engine: EngineName, hartCount: number): TestMachine {
  const machine = testMachine({ ...engines[engine].machine, hartCount });
  machine.load(text);
  return machine;
}

function factsOf({ harts }: TestMachine): ReadonlyMap<string, string> {
  return new Map(harts.flatMap((hart) => [...hartFacts(hart)]));
}

/** Raises and lowers a line of the first hart, every so many ticks. */
function pulse({ queue, hart }: TestMachine, every: number): void {
  for (let at = every; at < 5000; at += every) {
    for (const [tick, level] of [
      [at, true],
      [at + 3, false],
    ] as const) {
      queue.at(tick, 0, () => {
        hart.setLine('msip', level, tick);
        hart.wake(tick);
      });
    }
  }
}

for (const engine of engineNames.slice(1)) {
  for (const hartCount of [2, 3, 5]) {
    test(`${engine}: ${hartCount} harts take turns as the scheduler lets them`, (t) => {
      const expected = started(counting, 'oracle', hartCount);
      const actual = started(counting, engine, hartCount);
      for (const until of [1, 2, 50, 51, 300, 2000, 5000]) {
        expected.scheduler.run(until);
        actual.scheduler.run(until);
        t.deepEqual(
          differences(factsOf(expected), factsOf(actual)),
          [],
          `at tick ${String(until)}`,
        );
      }
      // The scheduler had little to do.
      t.true(actual.scheduler.sliceCount * 10 < expected.scheduler.sliceCount);
    });
  }

  test(`${engine}: harts that wait and wake take turns with the others`, (t) => {
    const expected = started(waking, 'oracle', 3);
    const actual = started(waking, engine, 3);
    for (const machine of [expected, actual]) pulse(machine, 97);
    for (const until of [500, 5000]) {
      expected.scheduler.run(until);
      actual.scheduler.run(until);
      t.deepEqual(differences(factsOf(expected), factsOf(actual)), []);
    }
    t.true((actual.hart.state.x[22] ?? 0n) > 10n);
  });

  test(`${engine}: the hart that reaches a limit ends the turns of all`, (t) => {
    const [expected, actual] = (['oracle', engine] as const).map((name) => {
      const machine = started(counting, name, 3);
      for (const hart of machine.harts) {
        hart.instructionLimit = {
          count: 400,
          reached: () => {
            machine.scheduler.stop('enough');
          },
        };
      }
      t.deepEqual(machine.scheduler.run(100_000), { kind: 'stopped', reason: 'enough' });
      return factsOf(machine);
    });
    t.deepEqual(differences(expected ?? new Map(), actual ?? new Map()), []);
  });
}
