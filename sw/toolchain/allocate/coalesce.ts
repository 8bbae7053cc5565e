import { rewriteEnd } from '../lir/block.ts';
import type { LirFunction } from '../lir/function.ts';
import { rewriteDefinitions, rewriteUses } from '../lir/instruction.ts';
import type { VirtualRegister } from '../lir/virtual-register.ts';
import { removeDeadCode } from '../optimise/dead-code.ts';
import { interferenceOf, type InterferenceGraph, type InterferenceNode } from './interference.ts';

const mostRounds = 4;
/** A merged register with fewer neighbours of high degree than this can always be coloured (Briggs; else George's test). */
const safeNeighbours = 22;
/** Values that live across calls have only the saved registers; merging into a crowded one would spill. */
const crowdedNeighbours = 20;

/** Merges the two sides of copies where that cannot cause a spill. Returns the graph of the result. */
export function coalesceMoves(f: LirFunction): InterferenceGraph {
  let graph = interferenceOf(f);
  for (let round = 0; round < mostRounds; round += 1) {
    const aliases = mergeMoves(graph);
    if (aliases.size === 0) break;
    const aliasOf = (register: VirtualRegister): VirtualRegister => {
      let at = register;
      for (let next = aliases.get(at); next !== undefined; next = aliases.get(at)) at = next;
      return at;
    };
    for (const block of f.blocks) {
      for (const i of block.instructions) {
        rewriteUses(i, aliasOf);
        rewriteDefinitions(i, aliasOf);
      }
      rewriteEnd(block.end, aliasOf);
      block.instructions = block.instructions.filter(
        (i) => i.kind !== 'move' || i.a !== i.destination,
      );
    }
    removeDeadCode(f);
    graph = interferenceOf(f);
  }
  return graph;
}

/** True if the merged register certainly gets a colour where both sides would have. */
function isSafe(graph: InterferenceGraph, a: InterferenceNode, b: InterferenceNode): boolean {
  const union = new Set([...a.neighbours, ...b.neighbours]);
  if (a.crossesCall !== b.crossesCall && union.size > crowdedNeighbours) return false;
  const isCrowded = (register: VirtualRegister) =>
    graph.node(register).neighbours.size >= safeNeighbours;
  let crowded = 0;
  for (const register of union) if (isCrowded(register)) crowded += 1;
  if (crowded < safeNeighbours) return true;
  const addsNothing = (from: InterferenceNode, to: InterferenceNode) =>
    [...from.neighbours].every((register) => to.neighbours.has(register) || !isCrowded(register));
  return addsNothing(a, b) || addsNothing(b, a);
}

function mergeMoves(graph: InterferenceGraph): Map<VirtualRegister, VirtualRegister> {
  const aliases = new Map<VirtualRegister, VirtualRegister>();
  const aliasOf = (register: VirtualRegister): VirtualRegister => {
    let at = register;
    for (let next = aliases.get(at); next !== undefined; next = aliases.get(at)) at = next;
    return at;
  };
  const byWeight = graph.moves.toSorted((a, b) => b.weight - a.weight);
  for (const move of byWeight) {
    const merged = graph.node(aliasOf(move.destination));
    const kept = graph.node(aliasOf(move.source));
    if (merged === kept || merged.neighbours.has(kept.register)) continue;
    if (!isSafe(graph, merged, kept)) continue;
    aliases.set(merged.register, kept.register);
    for (const register of merged.neighbours) {
      const { neighbours } = graph.node(register);
      neighbours.delete(merged.register);
      neighbours.add(kept.register);
      kept.neighbours.add(register);
    }
    kept.crossesCall ||= merged.crossesCall;
  }
  return aliases;
}
