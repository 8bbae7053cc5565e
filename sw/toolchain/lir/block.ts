import type { JumpTable, LirInstruction } from './instruction.ts';
import type { VirtualRegister } from './virtual-register.ts';

/** The comparisons that the branch instructions make. */
export type BranchMnemonic = 'beq' | 'bne' | 'blt' | 'bge' | 'bltu' | 'bgeu';

/** The branch that is taken exactly when the key's is not. */
export const inverseBranch: Readonly<Record<BranchMnemonic, BranchMnemonic>> = {
  beq: 'bne',
  bne: 'beq',
  blt: 'bge',
  bge: 'blt',
  bltu: 'bgeu',
  bgeu: 'bltu',
};

/** A two-way end of a block. */
export interface BranchEnd {
  readonly kind: 'branch';
  readonly mnemonic: BranchMnemonic;
  a: VirtualRegister;
  b: VirtualRegister;
  taken: Block;
  otherwise: Block;
}

/** How a block ends. */
export type BlockEnd =
  | BranchEnd
  | { readonly kind: 'jump'; target: Block }
  | { readonly kind: 'computedJump'; a: VirtualRegister; readonly table: JumpTable }
  | { readonly kind: 'return'; a: VirtualRegister | undefined }
  | { readonly kind: 'tailCall'; readonly symbol: string; operands: VirtualRegister[] }
  | { readonly kind: 'stop' };

/** A basic block: instructions that run one after the other. */
export class Block {
  instructions: LirInstruction[] = [];
  /** Set when lowering closes the block; a block that is never closed stops. */
  end: BlockEnd = { kind: 'stop' };
  loopDepth = 0;
  /** Position in the function, kept up to date by the passes that need it. */
  index = 0;
}

/** Blocks that may run next. */
export function successorsOf(end: BlockEnd): readonly Block[] {
  switch (end.kind) {
    case 'branch':
      return [end.taken, end.otherwise];
    case 'jump':
      return [end.target];
    case 'computedJump':
      return end.table.targets;
    default:
      return [];
  }
}

/** Registers that the end of a block reads. */
export function endUsesOf(end: BlockEnd): readonly VirtualRegister[] {
  switch (end.kind) {
    case 'branch':
      return [end.a, end.b];
    case 'computedJump':
      return [end.a];
    case 'return':
      return end.a === undefined ? [] : [end.a];
    case 'tailCall':
      return end.operands;
    default:
      return [];
  }
}

/** Replaces the registers that the end of a block reads. */
export function rewriteEnd(
  end: BlockEnd,
  to: (register: VirtualRegister) => VirtualRegister,
): void {
  switch (end.kind) {
    case 'branch':
      end.a = to(end.a);
      end.b = to(end.b);
      break;
    case 'computedJump':
      end.a = to(end.a);
      break;
    case 'return':
      if (end.a !== undefined) end.a = to(end.a);
      break;
    case 'tailCall':
      end.operands = end.operands.map(to);
      break;
    default:
  }
}
