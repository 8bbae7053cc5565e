import type { Register } from '../assembly/register.ts';
import { endUsesOf } from '../lir/block.ts';
import type { LirFunction } from '../lir/function.ts';
import { definitionsOf, isCall, usesOf, type LirInstruction } from '../lir/instruction.ts';
import { livenessOf } from '../lir/liveness.ts';
import { firstVirtual, type VirtualRegister } from '../lir/virtual-register.ts';
import { argumentRegisters } from './machine-registers.ts';

/** A copy that disappears if both sides get the same register. */
export interface MoveCandidate {
  readonly destination: VirtualRegister;
  readonly source: VirtualRegister;
  readonly weight: number;
}

/** What colouring knows about one virtual register. */
export interface InterferenceNode {
  readonly register: VirtualRegister;
  /** Registers that are live at the same time. */
  readonly neighbours: Set<VirtualRegister>;
  crossesCall: boolean;
  /** Uses and definitions, each counted ten times per enclosing loop. */
  weight: number;
  definitionCount: number;
  definition: LirInstruction | undefined;
  /** How much it would gain from certain machine registers. */
  readonly hints: Map<Register, number>;
}

/** Which virtual registers cannot share a machine register. */
export interface InterferenceGraph {
  readonly node: (register: VirtualRegister) => InterferenceNode;
  readonly nodes: readonly InterferenceNode[];
  readonly moves: readonly MoveCandidate[];
}

const deepestWeightedLoop = 5;

function newNode(register: VirtualRegister): InterferenceNode {
  return {
    register,
    neighbours: new Set(),
    crossesCall: false,
    weight: 0,
    definitionCount: 0,
    definition: undefined,
    hints: new Map(),
  };
}

/** Walks every block backwards with the set of live registers. */
export function interferenceOf(f: LirFunction): InterferenceGraph {
  const all = new Map<VirtualRegister, InterferenceNode>();
  const moves: MoveCandidate[] = [];
  const { liveOut } = livenessOf(f);

  const node = (register: VirtualRegister): InterferenceNode => {
    const known = all.get(register);
    if (known) return known;
    const added = newNode(register);
    all.set(register, added);
    return added;
  };
  const connect = (a: VirtualRegister, b: VirtualRegister) => {
    if (a === b || a < firstVirtual || b < firstVirtual) return;
    node(a).neighbours.add(b);
    node(b).neighbours.add(a);
  };
  const hint = (register: VirtualRegister, to: Register | undefined, weight: number) => {
    if (register < firstVirtual || to === undefined) return;
    const { hints } = node(register);
    hints.set(to, (hints.get(to) ?? 0) + weight);
  };
  const hintAll = (
    registers: readonly VirtualRegister[],
    weight: number,
    to: readonly number[] = argumentRegisters,
  ) => registers.forEach((register, k) => hint(register, to[k] as Register | undefined, weight));

  for (const block of f.blocks) {
    const weight = 10 ** Math.min(block.loopDepth, deepestWeightedLoop);
    const live = new Set<VirtualRegister>();
    liveOut(block).forEach((register) => live.add(register));
    const use = (register: VirtualRegister) => {
      if (register < firstVirtual) return;
      live.add(register);
      node(register).weight += weight;
    };
    const { end } = block;
    endUsesOf(end).forEach(use);
    if (end.kind === 'return' && end.a !== undefined) hint(end.a, argumentRegisters[0], weight);
    if (end.kind === 'tailCall') hintAll(end.operands, weight);

    for (const i of block.instructions.toReversed()) {
      const definitions = definitionsOf(i).filter((register) => register >= firstVirtual);
      for (const register of definitions) {
        const defined = node(register);
        defined.weight += weight;
        defined.definitionCount += 1;
        defined.definition = i;
        for (const other of live) if (i.kind !== 'move' || other !== i.a) connect(register, other);
        for (const other of definitions) connect(register, other);
      }
      for (const register of definitions) live.delete(register);
      if (isCall(i)) {
        for (const register of live) node(register).crossesCall = true;
        hintAll(i.operands ?? [], weight, i.operandRegisters);
        hintAll(definitions, weight);
      }
      if (i.kind === 'parameters') hintAll(i.definitions ?? [], weight);
      if (i.kind === 'move' && i.destination !== undefined && (i.a ?? 0) >= firstVirtual) {
        const source = i.a;
        if (source !== undefined) moves.push({ destination: i.destination, source, weight });
      }
      usesOf(i).forEach(use);
    }
  }
  const nodes = [...all.values()].sort((a, b) => a.register - b.register);
  return { node, nodes, moves };
}
