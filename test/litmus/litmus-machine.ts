import { registerNumber } from '../../hw/isa/index.ts';
import type { Quantum } from '../../hw/kernel/index.ts';
import { type EngineName, engines } from '../harness/engines.ts';
import { RAM_BASE, testMachine, type TestMachine } from '../hw/hart/machine.ts';
import {
  type Dependency,
  type Operation,
  outcomeText,
  type Place,
  type Shape,
} from './operation.ts';

const SLED = 32;
const CODE_BYTES = 0x1000;
const DATA = RAM_BASE + 0x10_0000;
const LINE = 64;

const addresses: Readonly<Record<Place, string>> = { x: 's0', y: 's1', z: 's2' };
const values = ['zero', 's3', 's4'];
const results = { r0: 'a0', r1: 'a1', r2: 'a2', r3: 'a3' } as const;

/** Instructions whose result depends on a load's and yet does not: `t0` becomes 0, or a branch goes to the next line. */
function dependencyText(dependency: Dependency | undefined): readonly string[] {
  if (dependency === undefined) return [];
  const on = results[dependency.on];
  return dependency.through === 'control'
    ? [`bne ${on}, ${on}, 1f`, '1:']
    : [`xor t0, ${on}, ${on}`];
}

function textOf(operation: Operation): readonly string[] {
  if (operation.kind === 'fence') return [`fence ${operation.before}, ${operation.after}`];
  const address = addresses[operation.place];
  if (operation.kind === 'atomic') {
    const { function: name, value, result, ordering } = operation;
    const suffix = ordering === '' ? '' : `.${ordering}`;
    return [`amo${name}.d${suffix} ${results[result]}, ${values[value] ?? ''}, (${address})`];
  }
  const { dependency } = operation;
  const lines = [...dependencyText(dependency)];
  const isThrough = (way: Dependency['through']): boolean => dependency?.through === way;
  if (isThrough('address')) lines.push(`add t1, ${address}, t0`);
  const base = isThrough('address') ? 't1' : address;
  if (operation.kind === 'load') return [...lines, `ld ${results[operation.result]}, 0(${base})`];
  const value = values[operation.value] ?? '';
  if (isThrough('data')) lines.push(`add t1, ${value}, t0`);
  return [...lines, `sd ${isThrough('data') ? 't1' : value}, 0(${base})`];
}

/** Where a hart's part of a shape begins and ends. */
interface Part {
  readonly start: bigint;
  readonly end: bigint;
}

/** A machine with one hart for each of a shape's, which runs it again and again. */
export class LitmusMachine {
  readonly #machine: TestMachine;
  readonly #shape: Shape;
  #parts: readonly Part[] = [];
  #nextCode = RAM_BASE;

  constructor(shape: Shape, engine: EngineName) {
    this.#shape = shape;
    const hartCount = shape.harts.length;
    this.#machine = testMachine({ ...engines[engine].machine, hartCount });
  }

  /** Places the code anew; `gap` says how many instructions that do nothing come before each operation. */
  place(gap: () => number): void {
    this.#parts = this.#shape.harts.map((operations) => {
      const nops = (count: number): string[] => Array.from({ length: count }, () => 'nop');
      const body = operations.flatMap((operation) => [...nops(gap()), ...textOf(operation)]);
      const lines = [...nops(SLED), 'start:', ...body, 'end: j end'];
      const { labels } = this.#machine.load(lines.join('\n'), this.#nextCode);
      this.#nextCode += CODE_BYTES;
      return { start: labels.get('start') ?? 0n, end: labels.get('end') ?? 0n };
    });
  }

  /** Runs once; hart n does `skews[n]` instructions before its first operation. */
  run(quantum: Quantum, skews: readonly number[]): string {
    const { harts, memory, queue } = this.#machine;
    memory.load(DATA, new Uint8Array(3 * LINE));
    for (const [index, { state }] of harts.entries()) {
      const set = (name: string, value: bigint): void => {
        state.x[registerNumber(name) ?? 0] = value;
      };
      for (const [at, name] of Object.values(addresses).entries()) {
        set(name, BigInt(DATA + at * LINE));
      }
      for (const [value, name] of values.entries()) if (value > 0) set(name, BigInt(value));
      const skew = Math.min(skews[index] ?? 0, SLED);
      state.pc = (this.#parts[index]?.start ?? 0n) - BigInt(4 * skew);
    }
    const scheduler = this.#machine.schedulerFor(quantum);
    while (harts.some(({ state }, index) => state.pc !== this.#parts[index]?.end)) {
      scheduler.run(queue.now + 20);
    }
    return this.#outcome();
  }

  #outcome(): string {
    const { harts, memory } = this.#machine;
    const bytes = new DataView(memory.copy(DATA, 3 * LINE).buffer);
    const found = new Map<string, number>();
    for (const [hart, operations] of this.#shape.harts.entries()) {
      for (const operation of operations) {
        if (operation.kind === 'fence') continue;
        const place = Object.keys(addresses).indexOf(operation.place);
        found.set(operation.place, Number(bytes.getBigUint64(place * LINE, true)));
        if (operation.kind === 'store') continue;
        const register = registerNumber(results[operation.result]) ?? 0;
        found.set(operation.result, Number(harts[hart]?.state.x[register] ?? 0n));
      }
    }
    return outcomeText(found);
  }
}
