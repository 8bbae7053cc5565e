import { successorsOf, type Block } from '../lir/block.ts';
import type { LirFunction } from '../lir/function.ts';
import { copyOf } from '../lir/instruction.ts';

/** Headers up to this many instructions are copied into their back edges. */
const longestRotatedHeader = 6;

/** The block where a jump to an empty block ends up. */
function destinationOf(block: Block): Block {
  const seen = new Set<Block>();
  let at = block;
  while (at.instructions.length === 0 && at.end.kind === 'jump' && !seen.has(at)) {
    seen.add(at);
    at = at.end.target;
  }
  return at;
}

function threadJumps(f: LirFunction): void {
  for (const block of f.blocks) {
    const { end } = block;
    if (end.kind === 'jump') block.end = { kind: 'jump', target: destinationOf(end.target) };
    else if (end.kind === 'computedJump') end.table.targets = end.table.targets.map(destinationOf);
    else if (end.kind === 'branch') {
      end.taken = destinationOf(end.taken);
      end.otherwise = destinationOf(end.otherwise);
      if (end.taken === end.otherwise) block.end = { kind: 'jump', target: end.taken };
    }
  }
}

function removeUnreachable(f: LirFunction): void {
  const reached = new Set<Block>();
  const pending = f.blocks.slice(0, 1);
  for (let block = pending.pop(); block; block = pending.pop()) {
    if (reached.has(block)) continue;
    reached.add(block);
    pending.push(...successorsOf(block.end));
  }
  f.blocks = f.blocks.filter((block) => reached.has(block));
}

/** Appends blocks with one predecessor to it where that one goes nowhere else. */
function mergeChains(f: LirFunction): void {
  const predecessors = new Map<Block, number>();
  for (const block of f.blocks) {
    for (const next of successorsOf(block.end)) {
      predecessors.set(next, (predecessors.get(next) ?? 0) + 1);
    }
  }
  const merged = new Set<Block>();
  for (const block of f.blocks) {
    if (merged.has(block)) continue;
    while (block.end.kind === 'jump') {
      const next = block.end.target;
      if (next === block || next === f.blocks[0] || predecessors.get(next) !== 1) break;
      block.instructions.push(...next.instructions);
      block.end = next.end;
      block.loopDepth = Math.max(block.loopDepth, next.loopDepth);
      merged.add(next);
    }
  }
  f.blocks = f.blocks.filter((block) => !merged.has(block));
}

/** Removes empty, unreachable and needlessly separate blocks. */
export function simplifyControlFlow(f: LirFunction): void {
  threadJumps(f);
  removeUnreachable(f);
  mergeChains(f);
}

/** Turns loops that test at the top into loops that test at the bottom, and copies short returns to the jumps to them. */
export function rotateLoops(f: LirFunction): void {
  f.numberBlocks();
  // A second round rotates the headers that the first one brought behind their bodies.
  for (let round = 0; round < 2; round += 1) {
    for (const block of f.blocks) {
      if (block.end.kind !== 'jump' || block.end.target === block) continue;
      const target = block.end.target;
      const isHeader =
        target.end.kind === 'branch' &&
        target.instructions.length <= longestRotatedHeader &&
        target.index <= block.index;
      const isReturn = target.end.kind === 'return' && target.instructions.length <= 1;
      if (!isHeader && !isReturn) continue;
      block.instructions.push(...target.instructions.map(copyOf));
      block.end = { ...target.end };
    }
  }
  simplifyControlFlow(f);
}

/** Turns a call whose result is returned at once into a jump. */
export function formTailCalls(f: LirFunction): void {
  for (const block of f.blocks) {
    const last = block.instructions[block.instructions.length - 1];
    if (block.end.kind !== 'return' || last?.kind !== 'call' || last.symbol === undefined) continue;
    const isResult = block.end.a === undefined || block.end.a === last.destination;
    if (!isResult) continue;
    block.instructions.pop();
    block.end = { kind: 'tailCall', symbol: last.symbol, operands: last.operands ?? [] };
  }
}
