import { endUsesOf } from '../lir/block.ts';
import type { LirFunction } from '../lir/function.ts';
import { definitionsOf, isPure, usesOf, type LirInstruction } from '../lir/instruction.ts';
import { livenessOf, type RegisterSet } from '../lir/liveness.ts';
import { firstVirtual } from '../lir/virtual-register.ts';

function isDead(i: LirInstruction, live: RegisterSet): boolean {
  const { destination } = i;
  if (destination === undefined || !isPure(i)) return false;
  return (
    destination < firstVirtual ||
    !live.has(destination) ||
    (i.kind === 'move' && i.a === destination)
  );
}

/** Removes computations whose results nobody reads, and the unread results of everything else. */
export function removeDeadCode(f: LirFunction): void {
  for (let hasChanged = true; hasChanged;) {
    hasChanged = false;
    const { liveOut } = livenessOf(f);
    for (const block of f.blocks) {
      const live = liveOut(block).copy();
      for (const register of endUsesOf(block.end)) live.add(register);
      const kept: LirInstruction[] = [];
      for (const i of block.instructions.toReversed()) {
        if (isDead(i, live)) {
          hasChanged = true;
          continue;
        }
        if (i.destination !== undefined && !live.has(i.destination)) delete i.destination;
        for (const register of definitionsOf(i)) live.delete(register);
        for (const register of usesOf(i)) live.add(register);
        kept.push(i);
      }
      block.instructions = kept.reverse();
    }
  }
}
