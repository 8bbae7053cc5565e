import { rewriteEnd, successorsOf, type Block } from '../lir/block.ts';
import type { LirFunction } from '../lir/function.ts';
import { definitionsOf, rewriteDefinitions, rewriteUses } from '../lir/instruction.ts';
import { livenessOf } from '../lir/liveness.ts';
import type { VirtualRegister } from '../lir/virtual-register.ts';

/** Disjoint sets with path halving. */
class UnionFind {
  readonly #parents: number[] = [];

  add(): number {
    return this.#parents.push(this.#parents.length) - 1;
  }

  find(element: number): number {
    let at = element;
    for (;;) {
      const parent = this.#parents[at] ?? at;
      if (parent === at) return at;
      const grandparent = this.#parents[parent] ?? parent;
      this.#parents[at] = grandparent;
      at = grandparent;
    }
  }

  join(a: number, b: number): void {
    this.#parents[this.find(a)] = this.find(b);
  }
}

type Elements = Map<VirtualRegister, number>;

function registersWithSeveralDefinitions(f: LirFunction): ReadonlySet<VirtualRegister> {
  const once = new Set<VirtualRegister>();
  const several = new Set<VirtualRegister>();
  for (const block of f.blocks) {
    for (const i of block.instructions) {
      for (const register of definitionsOf(i)) {
        if (once.has(register)) several.add(register);
        once.add(register);
      }
    }
  }
  return several;
}

/** Gives each connected set of definitions and uses a register of its own, so that unrelated uses of a local part. */
export function splitWebs(f: LirFunction): void {
  const several = registersWithSeveralDefinitions(f);
  if (several.size === 0) return;
  const { liveIn } = livenessOf(f);
  const sets = new UnionFind();
  const entries = new Map<Block, Elements>();
  for (const block of f.blocks) {
    const elements: Elements = new Map();
    for (const register of several) {
      if (liveIn(block).has(register)) elements.set(register, sets.add());
    }
    entries.set(block, elements);
  }
  // Every definition is an element, and so is the value that enters a block; an edge joins what it carries over.
  const definitions = new Map<Block, number[]>();
  for (const block of f.blocks) {
    const current: Elements = new Map(entries.get(block));
    const elements: number[] = [];
    for (const i of block.instructions) {
      for (const register of definitionsOf(i)) {
        if (!several.has(register)) continue;
        const element = sets.add();
        elements.push(element);
        current.set(register, element);
      }
    }
    definitions.set(block, elements);
    for (const next of successorsOf(block.end)) {
      for (const [register, entry] of entries.get(next) ?? []) {
        const carried = current.get(register);
        if (carried !== undefined) sets.join(carried, entry);
      }
    }
  }
  const names = new Map<number, VirtualRegister>();
  const nameOf = (element: number): VirtualRegister => {
    const root = sets.find(element);
    const known = names.get(root);
    if (known !== undefined) return known;
    const name = f.newRegister();
    names.set(root, name);
    return name;
  };
  for (const block of f.blocks) {
    const current: Elements = new Map(entries.get(block));
    const elements = definitions.get(block) ?? [];
    let position = 0;
    const renamed = (register: VirtualRegister) => {
      const element = current.get(register);
      return element === undefined ? register : nameOf(element);
    };
    for (const i of block.instructions) {
      rewriteUses(i, renamed);
      rewriteDefinitions(i, (register) => {
        if (!several.has(register)) return register;
        const element = elements[position] ?? 0;
        position += 1;
        current.set(register, element);
        return nameOf(element);
      });
    }
    rewriteEnd(block.end, renamed);
  }
}
