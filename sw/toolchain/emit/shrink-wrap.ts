import type { Allocation, Place } from '../allocate/allocation.ts';
import { endUsesOf, successorsOf, Block } from '../lir/block.ts';
import type { LirFunction } from '../lir/function.ts';
import { definitionsOf, usesOf } from '../lir/instruction.ts';
import type { VirtualRegister } from '../lir/virtual-register.ts';

/** The part of a function that runs with its stack frame set up. */
export interface FramedRegion {
  readonly isFramed: (block: Block) => boolean;
  /** True for the blocks at whose start the frame is set up. */
  readonly isEntry: (block: Block) => boolean;
}

function needsFrame(block: Block, allocation: Allocation): boolean {
  const isFramed = (place: Place | undefined) =>
    place?.kind === 'slot' ||
    (place?.kind === 'register' && allocation.saved.includes(place.register));
  const any = (registers: readonly VirtualRegister[]) =>
    registers.some((register) => isFramed(allocation.placeOf(register)));
  const callsOthers = block.instructions.some(
    (i) => i.kind === 'call' || i.kind === 'callRegister',
  );
  return (
    callsOthers ||
    any(endUsesOf(block.end)) ||
    block.instructions.some((i) => any(usesOf(i)) || any(definitionsOf(i)))
  );
}

function redirect(block: Block, from: Block, to: Block): void {
  const { end } = block;
  if (end.kind === 'jump') block.end = { kind: 'jump', target: to };
  else if (end.kind === 'branch') {
    if (end.taken === from) end.taken = to;
    if (end.otherwise === from) end.otherwise = to;
  } else if (end.kind === 'computedJump') {
    end.table.targets = end.table.targets.map((target) => (target === from ? to : target));
  }
}

/**
 * Sets the frame up as late as possible: a block is framed if it needs the frame or can follow one that is. Where paths with
 * and without a frame meet, the ones without get a block of their own that sets it up.
 */
export function wrapFrame(f: LirFunction, allocation: Allocation): FramedRegion {
  const framed = new Set<Block>();
  const pending = f.blocks.filter((block) => needsFrame(block, allocation));
  for (let block = pending.pop(); block; block = pending.pop()) {
    if (framed.has(block)) continue;
    framed.add(block);
    pending.push(...successorsOf(block.end));
  }
  const predecessors = new Map<Block, Block[]>();
  for (const block of f.blocks) {
    for (const next of new Set(successorsOf(block.end))) {
      predecessors.set(next, [...(predecessors.get(next) ?? []), block]);
    }
  }
  const entries = new Set<Block>();
  const [first] = f.blocks;
  const layout: Block[] = [];
  const added = new Map<Block, Block[]>();
  for (const block of framed) {
    const before = predecessors.get(block) ?? [];
    const outside = before.filter((predecessor) => !framed.has(predecessor));
    if (block === first || outside.length === before.length) {
      entries.add(block);
      continue;
    }
    for (const predecessor of outside) {
      const entry = new Block();
      entry.end = { kind: 'jump', target: block };
      entries.add(entry);
      framed.add(entry);
      redirect(predecessor, block, entry);
      added.set(predecessor, [...(added.get(predecessor) ?? []), entry]);
    }
  }
  for (const block of f.blocks) layout.push(block, ...(added.get(block) ?? []));
  f.blocks = layout;
  return { isFramed: (block) => framed.has(block), isEntry: (block) => entries.has(block) };
}
