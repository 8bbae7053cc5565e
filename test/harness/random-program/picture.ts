import { differences, type Facts, hartFacts, trapText } from '../../../hw/hart/index.ts';
import { CodeNames, Profile } from '../../../platforms/index.ts';
import type { EngineName } from '../engines.ts';
import { RAM_BASE, type TestMachineOptions } from '../../hw/hart/machine.ts';
import { FollowChecker } from './follow-checker.ts';
import type { RandomProgram } from './program.ts';
import { type StartedMachine, startMachine } from './start.ts';

/** Everything about a machine that must not depend on the engine, or on how its run was cut into pieces. */
export interface Picture {
  /** Every number and text, by name. */
  readonly facts: Facts;
  readonly ram: Uint8Array;
  /** The traps, as many as there were. */
  readonly traps: readonly string[];
  readonly instructionCount: number;
}

/** Lets a machine go on to a tick, also where its program has stopped it by a store to the device that ends programs. */
function runOn({ scheduler }: StartedMachine, tick: number): void {
  while (scheduler.run(tick).kind === 'stopped');
}

/** Runs a program for some ticks, at a stretch or in slices. */
export function pictureOf(
  program: RandomProgram,
  engine: EngineName,
  options: {
    readonly ticks: number;
    readonly slice?: number;
    readonly machine?: TestMachineOptions;
    /** Goes on in a new machine after each slice, each on the next of these engines. */
    readonly restoredOn?: readonly EngineName[];
    /** Looks at every instruction and trap, as a tracer does. */
    readonly isTraced?: boolean;
    /** Looks at every cycle and VM exit, as a profiler does, and checks that they add up. */
    readonly isFollowed?: boolean;
    /** Finds out which function, called by whom, every cycle is spent for; its sums are checked. */
    readonly isProfiled?: boolean;
  },
): Picture {
  const { ticks, slice = ticks, restoredOn = [], isTraced = false, isFollowed = false } = options;
  const profiles: Profile[] = [];
  const traps = new Map<number, string[]>();
  const checkers: FollowChecker[] = [];
  const observe = (started: StartedMachine): StartedMachine => {
    for (const hart of started.harts) {
      const { id } = hart;
      const own = traps.get(id) ?? [];
      traps.set(id, own);
      hart.onTrap = (trap) => own.push(`hart ${String(id)}: ${trapText(trap)}`);
      if (isTraced) hart.commitLog = () => undefined;
      if (isFollowed) checkers.push(new FollowChecker(hart));
    }
    if (options.isProfiled === true) profiles.push(new Profile(started, new CodeNames()));
    return started;
  };
  let machine = observe(startMachine(program, engine, options.machine));
  for (let until = slice, count = 0; ; until += slice, count += 1) {
    runOn(machine, Math.min(until, ticks));
    if (until >= ticks) break;
    const next = restoredOn[count % restoredOn.length];
    if (next === undefined) continue;
    const saved = machine.checkpoint.save();
    machine = observe(startMachine(program, next, options.machine));
    machine.checkpoint.restore(saved);
  }
  for (const checker of checkers) checker.check();
  for (const profile of profiles) profile.entries();
  const { offset, size } = machine.memory.window;
  return {
    facts: new Map(machine.harts.flatMap((hart) => [...hartFacts(hart)])),
    // The machine is not run any more, so that its memory need not be copied.
    ram: machine.memory.machine.bytes.subarray(offset, offset + size),
    traps: [...traps.values()].flat(),
    instructionCount: machine.harts.reduce((sum, { state }) => sum + state.instret, 0),
  };
}

/** How two pictures differ, a line for each difference; nothing if they do not. */
function linesOf(expected: Picture, actual: Picture): readonly string[] {
  const lines = differences(expected.facts, actual.facts).map((difference) => {
    return `${difference.name}: ${difference.expected}, but ${difference.actual}`;
  });
  const trap = Array.from({
    length: Math.max(expected.traps.length, actual.traps.length),
  }).findIndex((_, index) => expected.traps[index] !== actual.traps[index]);
  if (trap >= 0) {
    const [one = 'none', other = 'none'] = [expected.traps[trap], actual.traps[trap]];
    lines.unshift(`trap ${String(trap)}: ${one}, but ${other}`);
  }
  if (Buffer.compare(expected.ram, actual.ram) !== 0) {
    const at = expected.ram.findIndex((byte, index) => byte !== actual.ram[index]);
    lines.push(
      `memory at 0x${(RAM_BASE + at).toString(16)}: ${String(expected.ram[at])}, but ${String(actual.ram[at])}`,
    );
  }
  return lines;
}

/** Throws the differences, and the program that made them, unless there are none. */
export function expectSame(program: RandomProgram, expected: Picture, actual: Picture): void {
  const lines = linesOf(expected, actual);
  if (lines.length === 0) return;
  const { environment, text, base, seed } = program;
  const facts = JSON.stringify({ ...environment, base, seed });
  throw new Error([...lines.slice(0, 20), facts, text].join('\n'));
}
