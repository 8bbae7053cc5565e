import { successorsOf, type Block } from '../lir/block.ts';
import type { LirFunction } from '../lir/function.ts';
import { definitionsOf, isCall, type LirInstruction } from '../lir/instruction.ts';
import type { VirtualRegister } from '../lir/virtual-register.ts';

type Known = Map<string, VirtualRegister>;

function keyOf(i: LirInstruction): string | undefined {
  if (i.kind === 'constant') return `constant ${i.immediate ?? 0n}`;
  return i.kind === 'address' ? `address ${i.symbol ?? ''}` : undefined;
}

function forget(known: Known, register: VirtualRegister): void {
  for (const [key, holder] of known) if (holder === register) known.delete(key);
}

/**
 * Builds a constant once along straight-line code. Calls end its life: keeping it across one would cost a saved register,
 * which is dearer than building it again.
 */
export function reuseConstants(f: LirFunction): void {
  const predecessorCounts = new Map<Block, number>();
  for (const block of f.blocks) {
    for (const next of successorsOf(block.end)) {
      predecessorCounts.set(next, (predecessorCounts.get(next) ?? 0) + 1);
    }
  }
  const inherited = new Map<Block, Known>();
  for (const block of f.blocks) {
    const known: Known = new Map(inherited.get(block));
    block.instructions = block.instructions.map((i) => reuseIn(known, i));
    for (const next of successorsOf(block.end)) {
      if (predecessorCounts.get(next) === 1) inherited.set(next, known);
    }
  }
}

function reuseIn(known: Known, i: LirInstruction): LirInstruction {
  if (isCall(i)) known.clear();
  const key = keyOf(i);
  const holder = key === undefined ? undefined : known.get(key);
  for (const register of definitionsOf(i)) forget(known, register);
  const { destination } = i;
  if (key === undefined || destination === undefined) return i;
  if (holder === undefined || holder === destination) {
    known.set(key, destination);
    return i;
  }
  return { kind: 'move', mnemonic: 'mv', destination, a: holder, location: i.location };
}
