import type { Allocation } from '../allocate/allocation.ts';
import type { LirFunction } from '../lir/function.ts';
import type { LirInstruction } from '../lir/instruction.ts';
import { simplifyControlFlow } from '../optimise/control-flow.ts';

/** Removes copies whose two sides got the same register, and the blocks that they leave empty. */
export function dropSettledMoves(f: LirFunction, allocation: Allocation): void {
  const isSettled = (i: LirInstruction): boolean => {
    if (i.kind !== 'move' || i.destination === undefined || i.a === undefined) return false;
    const to = allocation.placeOf(i.destination);
    const from = allocation.placeOf(i.a);
    return to?.kind === 'register' && from?.kind === 'register' && to.register === from.register;
  };
  for (const block of f.blocks) {
    block.instructions = block.instructions.filter((i) => !isSettled(i));
  }
  simplifyControlFlow(f);
}
