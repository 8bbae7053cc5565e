import { endUsesOf, successorsOf, type Block } from './block.ts';
import type { LirFunction } from './function.ts';
import { definitionsOf, usesOf } from './instruction.ts';
import { firstVirtual, type VirtualRegister } from './virtual-register.ts';

/** A set of virtual registers as bits. */
export class RegisterSet {
  readonly words: Uint32Array;

  constructor(words: Uint32Array) {
    this.words = words;
  }

  has(register: VirtualRegister): boolean {
    return (((this.words[register >> 5] ?? 0) >>> (register & 31)) & 1) === 1;
  }

  add(register: VirtualRegister): void {
    const word = register >> 5;
    this.words[word] = (this.words[word] ?? 0) | (1 << (register & 31));
  }

  delete(register: VirtualRegister): void {
    const word = register >> 5;
    this.words[word] = (this.words[word] ?? 0) & ~(1 << (register & 31));
  }

  copy(): RegisterSet {
    return new RegisterSet(this.words.slice());
  }

  forEach(visit: (register: VirtualRegister) => void): void {
    this.words.forEach((word, index) => {
      for (let bits = word; bits !== 0; bits &= bits - 1) {
        visit(((index << 5) + 31 - Math.clz32(bits & -bits)) as VirtualRegister);
      }
    });
  }
}

/** The registers whose values are still needed at the borders of each block. */
export interface Liveness {
  readonly liveIn: (block: Block) => RegisterSet;
  readonly liveOut: (block: Block) => RegisterSet;
}

/** Computes liveness by iterating the data-flow equations backwards to their fixed point. */
export function livenessOf(f: LirFunction): Liveness {
  f.numberBlocks();
  const size = (f.registerCount + 31) >> 5;
  const newSet = () => new RegisterSet(new Uint32Array(size));
  const used = f.blocks.map(newSet);
  const defined = f.blocks.map(newSet);
  const live = { in: f.blocks.map(newSet), out: f.blocks.map(newSet) };
  const at = (sets: RegisterSet[], block: Block) => sets[block.index] ?? newSet();

  for (const block of f.blocks) {
    const use = at(used, block);
    const definition = at(defined, block);
    const read = (register: VirtualRegister) => {
      if (register >= firstVirtual && !definition.has(register)) use.add(register);
    };
    for (const i of block.instructions) {
      usesOf(i).forEach(read);
      for (const register of definitionsOf(i)) definition.add(register);
    }
    endUsesOf(block.end).forEach(read);
  }

  for (let hasChanged = true; hasChanged;) {
    hasChanged = false;
    for (let k = f.blocks.length - 1; k >= 0; k -= 1) {
      const block = f.blocks[k];
      if (!block) continue;
      const out = at(live.out, block).words;
      for (const successor of successorsOf(block.end)) {
        const next = at(live.in, successor).words;
        for (let w = 0; w < size; w += 1) out[w] = (out[w] ?? 0) | (next[w] ?? 0);
      }
      const into = at(live.in, block).words;
      const use = at(used, block).words;
      const definition = at(defined, block).words;
      for (let w = 0; w < size; w += 1) {
        const word = ((use[w] ?? 0) | ((out[w] ?? 0) & ~(definition[w] ?? 0))) >>> 0;
        if (word !== into[w]) {
          into[w] = word;
          hasChanged = true;
        }
      }
    }
  }
  return { liveIn: (block) => at(live.in, block), liveOut: (block) => at(live.out, block) };
}
