import { csrs, registerName } from '../../../hw/isa/index.ts';
import type { TrapRecord } from '../../../hw/hart/progress.ts';
import type { TestMachine } from '../../hw/hart/machine.ts';
import type { EngineName } from '../engines.ts';
import { RAM_BASE } from '../../hw/hart/machine.ts';
import type { RandomProgram } from './program.ts';
import { startMachine } from './start.ts';

/** Everything about a machine that must not depend on the engine, or on how its run was cut into pieces. */
export interface Picture {
  /** Every number and text, by name. */
  readonly facts: ReadonlyMap<string, string>;
  readonly ram: Uint8Array;
  /** The traps, as many as there were. */
  readonly traps: readonly string[];
  readonly instructionCount: number;
}

function factsOf({ harts }: TestMachine): Map<string, string> {
  const facts = new Map<string, string>();
  for (const hart of harts) {
    const { state } = hart;
    const note = (name: string, value: bigint | number | boolean): void => {
      const text = typeof value === 'bigint' ? `0x${value.toString(16)}` : String(value);
      facts.set(`hart ${String(hart.id)} ${name}`, text);
    };
    note('pc', state.pc);
    for (const [register, value] of state.x.entries()) note(registerName(register), value);
    for (const [register, value] of state.f.entries()) note(`f${String(register)}`, value);
    note('cycle count', state.cycle);
    note('instret count', state.instret);
    note('privilege', state.privilege);
    note('virtual', state.virtual);
    note('waiting', hart.isWaiting);
    note('reserved bytes', state.reservedBytes);
    if (state.reservedBytes > 0) note('reserved address', state.reservedAddress);
    for (const csr of csrs) if (hart.csrs.has(csr)) note(csr.name, hart.csrs.read(csr));
    for (const [mode, leaves] of Object.entries(hart.account.tree.snapshot())) {
      for (const [mechanism, cycles] of Object.entries(leaves)) {
        if (cycles !== 0) note(`${mode} ${mechanism}`, cycles);
      }
    }
    facts.set(`hart ${String(hart.id)} exits`, JSON.stringify(hart.exits.summaries()));
  }
  return facts;
}

function trapText({ pc, cycle, cause, isInterrupt, from, to }: TrapRecord): string {
  const kind = isInterrupt ? 'interrupt' : 'exception';
  return `${kind} ${String(cause)} at 0x${pc.toString(16)} from ${from} to ${to} in cycle ${String(cycle)}`;
}

/** Runs a program for some ticks, at a stretch or in slices. */
export function pictureOf(
  program: RandomProgram,
  engine: EngineName,
  { ticks, slice = ticks }: { readonly ticks: number; readonly slice?: number },
): Picture {
  const machine = startMachine(program, engine);
  const traps: string[] = [];
  for (const hart of machine.harts) {
    const { id } = hart;
    hart.onTrap = (trap) => traps.push(`hart ${String(id)}: ${trapText(trap)}`);
  }
  for (let until = slice; ; until += slice) {
    machine.scheduler.run(Math.min(until, ticks));
    if (until >= ticks) break;
  }
  const { offset, size } = machine.memory.window;
  return {
    facts: factsOf(machine),
    // The machine is not run any more, so that its memory need not be copied.
    ram: machine.memory.machine.bytes.subarray(offset, offset + size),
    traps,
    instructionCount: machine.harts.reduce((sum, { state }) => sum + state.instret, 0),
  };
}

/** How two pictures differ, a line for each difference; nothing if they do not. */
export function differences(expected: Picture, actual: Picture): readonly string[] {
  const names = new Set([...expected.facts.keys(), ...actual.facts.keys()]);
  const lines = [...names].flatMap((name) => {
    const [one = 'nothing', other = 'nothing'] = [expected, actual].map(({ facts }) =>
      facts.get(name),
    );
    return one === other ? [] : [`${name}: ${one}, but ${other}`];
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
  const lines = differences(expected, actual);
  if (lines.length === 0) return;
  const { environment, text, base, seed } = program;
  const facts = JSON.stringify({ ...environment, base, seed });
  throw new Error([...lines.slice(0, 20), facts, text].join('\n'));
}
