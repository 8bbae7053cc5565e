import { endUsesOf, type Block } from '../lir/block.ts';
import type { LirFunction } from '../lir/function.ts';
import { definitionsOf, isCall, usesOf, type LirInstruction } from '../lir/instruction.ts';
import { firstVirtual, type VirtualRegister } from '../lir/virtual-register.ts';

/** Longer runs keep their order: the search is quadratic in memory accesses. */
const longestRun = 400;

const accessBytes: Readonly<Record<string, number>> = {
  ...{ lb: 1, lbu: 1, sb: 1, lh: 2, lhu: 2, sh: 2 },
  ...{ lw: 4, lwu: 4, sw: 4, ld: 8, sd: 8 },
};

/** Cycles until a result can be used, on the in-order core that the code is arranged for. */
function latencyOf({ kind, mnemonic }: LirInstruction): number {
  if (kind === 'load') return /^l[bh]/.test(mnemonic) ? 3 : 2;
  if (kind === 'loadGlobal') return 2;
  if (mnemonic.startsWith('mul')) return 4;
  return /^(div|rem)/.test(mnemonic) ? 20 : 1;
}

/** Instructions that everything else stays in order with. */
function isBarrier(i: LirInstruction): boolean {
  return (
    isCall(i) ||
    i.kind === 'parameters' ||
    i.kind === 'machine' ||
    i.kind === 'csr' ||
    i.kind === 'probe' ||
    i.isVolatile === true
  );
}

function touchesMemory({ kind }: LirInstruction): boolean {
  return kind === 'load' || kind === 'store' || kind === 'loadGlobal' || kind === 'storeGlobal';
}

function writesMemory({ kind }: LirInstruction): boolean {
  return kind === 'store' || kind === 'storeGlobal';
}

/** Orders each block's instructions so that results of loads and multiplications are not waited for. */
export function schedule(f: LirFunction): void {
  for (const block of f.blocks) {
    const scheduled: LirInstruction[] = [];
    let run: LirInstruction[] = [];
    const flush = () => {
      const isShort = run.length < 2 || run.length > longestRun;
      scheduled.push(...(isShort ? run : new RunScheduler(run, block).order()));
      run = [];
    };
    for (const i of block.instructions) {
      if (!isBarrier(i)) {
        run.push(i);
        continue;
      }
      flush();
      scheduled.push(i);
    }
    flush();
    block.instructions = scheduled;
  }
}

/** List scheduling of one run without barriers. */
class RunScheduler {
  readonly #run: readonly LirInstruction[];
  readonly #block: Block;
  readonly #successors: Map<number, number>[];
  readonly #waitingFor: number[];

  constructor(run: readonly LirInstruction[], block: Block) {
    this.#run = run;
    this.#block = block;
    this.#successors = run.map(() => new Map<number, number>());
    this.#waitingFor = run.map(() => 0);
    this.#findDependences();
  }

  #depend(first: number, second: number, cycles: number): void {
    const successors = this.#successors[first];
    if (!successors || first === second) return;
    const known = successors.get(second);
    if (known === undefined) this.#waitingFor[second] = (this.#waitingFor[second] ?? 0) + 1;
    if (known === undefined || known < cycles) successors.set(second, cycles);
  }

  #findDependences(): void {
    const lastDefinition = new Map<VirtualRegister, number>();
    const readers = new Map<VirtualRegister, number[]>();
    const definitionNumber = new Map<VirtualRegister, number>();
    const accesses: { position: number; version: number }[] = [];
    this.#run.forEach((i, position) => {
      for (const register of usesOf(i)) {
        if (register < firstVirtual) continue;
        const definition = lastDefinition.get(register);
        const source = definition === undefined ? undefined : this.#run[definition];
        if (definition !== undefined && source) {
          this.#depend(definition, position, latencyOf(source));
        }
        const known = readers.get(register);
        if (known) known.push(position);
        else readers.set(register, [position]);
      }
      if (touchesMemory(i)) {
        const version = i.a === undefined ? 0 : (definitionNumber.get(i.a) ?? 0);
        for (const earlier of accesses) {
          const other = this.#run[earlier.position];
          if (!other || (!writesMemory(other) && !writesMemory(i))) continue;
          if (areApart(other, i, earlier.version === version)) continue;
          this.#depend(earlier.position, position, writesMemory(other) && !writesMemory(i) ? 1 : 0);
        }
        accesses.push({ position, version });
      }
      for (const register of definitionsOf(i)) {
        for (const reader of readers.get(register) ?? []) this.#depend(reader, position, 0);
        const definition = lastDefinition.get(register);
        if (definition !== undefined) this.#depend(definition, position, 1);
        lastDefinition.set(register, position);
        readers.set(register, []);
        definitionNumber.set(register, (definitionNumber.get(register) ?? 0) + 1);
      }
    });
  }

  /** Cycles from the start of each instruction to the end of the run along its longest chain. */
  #heights(): number[] {
    const endUses = new Set(endUsesOf(this.#block.end));
    const heights = this.#run.map(() => 0);
    for (let position = this.#run.length - 1; position >= 0; position -= 1) {
      const i = this.#run[position];
      if (!i) continue;
      let height = definitionsOf(i).some((register) => endUses.has(register)) ? latencyOf(i) : 0;
      for (const [successor, cycles] of this.#successors[position] ?? []) {
        height = Math.max(height, (heights[successor] ?? 0) + Math.max(cycles, 1));
      }
      heights[position] = height;
    }
    return heights;
  }

  order(): LirInstruction[] {
    const heights = this.#heights();
    const earliest = this.#run.map(() => 0);
    const ready = [...this.#run.keys()].filter((position) => this.#waitingFor[position] === 0);
    const ordered: LirInstruction[] = [];
    let cycle = 0;
    while (ready.length > 0) {
      let best: number | undefined;
      for (const position of ready) {
        if ((earliest[position] ?? 0) > cycle) continue;
        const height = heights[position] ?? 0;
        const bestHeight = best === undefined ? -1 : (heights[best] ?? 0);
        if (height > bestHeight || (height === bestHeight && position < (best ?? 0)))
          best = position;
      }
      if (best === undefined) {
        cycle = Math.min(...ready.map((position) => earliest[position] ?? 0));
        continue;
      }
      ready.splice(ready.indexOf(best), 1);
      const chosen = this.#run[best];
      if (chosen) ordered.push(chosen);
      cycle += 1;
      for (const [successor, cycles] of this.#successors[best] ?? []) {
        earliest[successor] = Math.max(earliest[successor] ?? 0, cycle - 1 + cycles);
        this.#waitingFor[successor] = (this.#waitingFor[successor] ?? 0) - 1;
        if (this.#waitingFor[successor] === 0) ready.push(successor);
      }
    }
    return ordered;
  }
}

/** True if two accesses certainly touch different bytes. */
function areApart(first: LirInstruction, second: LirInstruction, isSameBase: boolean): boolean {
  const isGlobal = first.symbol !== undefined && second.symbol !== undefined;
  if (isGlobal) return first.symbol !== second.symbol;
  const firstBytes = accessBytes[first.mnemonic];
  const secondBytes = accessBytes[second.mnemonic];
  if (first.symbol !== undefined || second.symbol !== undefined) return false;
  if (!isSameBase || first.a !== second.a || !firstBytes || !secondBytes) return false;
  const from = Number(first.immediate ?? 0n);
  const to = Number(second.immediate ?? 0n);
  return from + firstBytes <= to || to + secondBytes <= from;
}
