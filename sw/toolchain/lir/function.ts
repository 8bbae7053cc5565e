import type { SourceLocation } from '../diagnostics/compile-error.ts';
import type { Block } from './block.ts';
import { firstVirtual, type VirtualRegister } from './virtual-register.ts';

/** A function in the low-level representation; the first block is the entry. */
export class LirFunction {
  readonly name: string;
  readonly location: SourceLocation | undefined;
  blocks: Block[] = [];
  registerCount: number = firstVirtual;

  constructor(name: string, location: SourceLocation | undefined) {
    this.name = name;
    this.location = location;
  }

  newRegister(): VirtualRegister {
    const register = this.registerCount as VirtualRegister;
    this.registerCount += 1;
    return register;
  }

  /** Numbers the blocks by position. */
  numberBlocks(): void {
    this.blocks.forEach((block, index) => {
      block.index = index;
    });
  }
}
