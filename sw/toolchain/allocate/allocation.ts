import { registerAt, type Register } from '../assembly/register.ts';
import type { LirFunction } from '../lir/function.ts';
import type { LirInstruction } from '../lir/instruction.ts';
import { firstVirtual, type VirtualRegister } from '../lir/virtual-register.ts';
import { coalesceMoves } from './coalesce.ts';
import type { InterferenceGraph, InterferenceNode } from './interference.ts';
import { savedRegisters, temporaryRegisters } from './machine-registers.ts';

/** Where the value of a virtual register lives. */
export type Place =
  | { readonly kind: 'register'; readonly register: Register }
  /** A stack slot, counted in 8-byte units from sp. */
  | { readonly kind: 'slot'; readonly slot: number }
  /** Not kept: built again by its defining instruction wherever it is used. */
  | { readonly kind: 'rebuilt'; readonly by: LirInstruction };

/** The result of register allocation for one function. */
export interface Allocation {
  readonly placeOf: (register: VirtualRegister) => Place | undefined;
  /** Callee-saved registers that the function uses. */
  readonly saved: readonly Register[];
  readonly slotCount: number;
}

const savedCount = savedRegisters.length;
const allCount = savedCount + temporaryRegisters.length;

function colourCount(node: InterferenceNode): number {
  return node.crossesCall ? savedCount : allCount;
}

/** Removal order of Chaitin's colouring: nodes that surely get a colour first, else the cheapest to spill. */
function eliminationOrder(graph: InterferenceGraph): InterferenceNode[] {
  const left = new Set(graph.nodes.filter((node) => node.weight > 0));
  const degrees = new Map(
    [...left].map((node) => {
      let degree = 0;
      for (const neighbour of node.neighbours) if (left.has(graph.node(neighbour))) degree += 1;
      return [node, degree];
    }),
  );
  const degreeOf = (node: InterferenceNode) => degrees.get(node) ?? 0;
  const easy = [...left].filter((node) => degreeOf(node) < colourCount(node));
  const order: InterferenceNode[] = [];
  let nextEasy = 0;
  while (left.size > 0) {
    const chosen = easy[nextEasy] ?? cheapestSpill(left, degreeOf);
    if (nextEasy < easy.length) nextEasy += 1;
    if (!left.delete(chosen)) continue;
    order.push(chosen);
    for (const register of chosen.neighbours) {
      const neighbour = graph.node(register);
      if (!left.has(neighbour)) continue;
      const degree = degreeOf(neighbour) - 1;
      degrees.set(neighbour, degree);
      if (degree === colourCount(neighbour) - 1) easy.push(neighbour);
    }
  }
  return order;
}

function cheapestSpill(
  left: ReadonlySet<InterferenceNode>,
  degreeOf: (node: InterferenceNode) => number,
): InterferenceNode {
  let cheapest: InterferenceNode | undefined;
  let lowest = Infinity;
  for (const node of left) {
    const cost = node.weight / (degreeOf(node) + 1);
    if (cost >= lowest && cheapest) continue;
    lowest = cost;
    cheapest = node;
  }
  if (!cheapest) throw new Error('register allocation: nothing left to spill');
  return cheapest;
}

class Colouring {
  readonly places = new Map<VirtualRegister, Place>();
  readonly #graph: InterferenceGraph;
  readonly #used = new Set<Register>();
  readonly #moves = new Map<VirtualRegister, VirtualRegister[]>();
  #slotCount = 0;

  constructor(graph: InterferenceGraph) {
    this.#graph = graph;
    const link = (from: VirtualRegister, to: VirtualRegister) => {
      const known = this.#moves.get(from);
      if (known) known.push(to);
      else this.#moves.set(from, [to]);
    };
    for (const { destination, source } of graph.moves) {
      link(destination, source);
      link(source, destination);
    }
  }

  run(): void {
    for (const node of eliminationOrder(this.#graph).reverse()) {
      const register = this.#choose(node);
      if (register !== undefined) {
        this.places.set(node.register, { kind: 'register', register });
        if (savedRegisters.includes(register)) this.#used.add(register);
      } else this.places.set(node.register, this.#spill(node));
    }
  }

  get saved(): readonly Register[] {
    return [...this.#used].sort((a, b) => a - b);
  }

  get slotCount(): number {
    return this.#slotCount;
  }

  #registerOf(register: VirtualRegister): Register | undefined {
    const place = this.places.get(register);
    return place?.kind === 'register' ? place.register : undefined;
  }

  #choose(node: InterferenceNode): Register | undefined {
    const taken = new Set<Register>();
    for (const neighbour of node.neighbours) {
      const register = this.#registerOf(neighbour);
      if (register !== undefined) taken.add(register);
    }
    const hinted = [...node.hints].sort((a, b) => b[1] - a[1]).map(([register]) => register);
    const moved = (this.#moves.get(node.register) ?? [])
      .map((other) => this.#registerOf(other))
      .filter((register) => register !== undefined);
    const isAllowed = (register: Register) =>
      savedRegisters.includes(register) ||
      (!node.crossesCall && temporaryRegisters.includes(register));
    const candidates = [
      ...[...hinted, ...moved].filter(isAllowed),
      ...(node.crossesCall ? [] : temporaryRegisters),
      // A saved register that is saved already costs nothing more.
      ...this.#used,
      ...savedRegisters,
    ];
    return candidates.find((register) => !taken.has(register));
  }

  #spill(node: InterferenceNode): Place {
    const { definition } = node;
    const isRebuildable =
      definition && ['constant', 'address', 'tableAddress'].includes(definition.kind);
    if (node.definitionCount === 1 && isRebuildable) {
      return { kind: 'rebuilt', by: definition };
    }
    this.#slotCount += 1;
    return { kind: 'slot', slot: this.#slotCount - 1 };
  }
}

/** Assigns machine registers by graph colouring, after merging copies. */
export function allocateRegisters(f: LirFunction): Allocation {
  const colouring = new Colouring(coalesceMoves(f));
  colouring.run();
  const placeOf = (register: VirtualRegister): Place | undefined =>
    register < firstVirtual
      ? { kind: 'register', register: registerAt(register) }
      : colouring.places.get(register);
  return { placeOf, saved: colouring.saved, slotCount: colouring.slotCount };
}
