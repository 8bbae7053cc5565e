import type { Decoded, I32, Instruction } from '../../isa/index.ts';
import type { Code } from '../../wasm/index.ts';

/** A wait, and the number of the mechanism that owns it. */
interface Wait {
  readonly cycles: number;
  readonly leaf: number;
}

/** A function under construction that executes transfers. */
export interface TransferFrame {
  readonly code: Code;
  /** i32: address of the hart's memory. */
  readonly hart: number;
  /** i64: address of the page of all transfers, in functions that never leave it. */
  readonly page: number | undefined;
  /** Number of the function that `TransferTiming.learnCode` generates. */
  readonly learn: number;
}

/** A transfer in it. */
export interface TransferSite {
  /** The place of the half-word that ends it in the page of the frame; `undefined` where only running code knows. */
  readonly inPage: number | undefined;
  /** Puts the address of that half-word (i64) on the stack. */
  readonly end: () => void;
  /** Puts the address that it leads to, where it is taken, on the stack (i64). */
  readonly target: () => void;
  /** Appends code that lets so many cycles pass on top of issue. */
  readonly wait: (cycles: number) => void;
}

/** Appends code that predicts, resolves and learns the transfers of one function. */
export interface FrameTransfers {
  /** Takes over what the function keeps in locals, where it begins or comes back from another. */
  load(): void;
  /** Hands it back, where the function ends or calls another. */
  save(): void;
  branch(site: TransferSite, taken: boolean): void;
  /** `link` puts the return address (i64) of a call on the stack. */
  jump(site: TransferSite, link?: () => void): void;
  jumpRegister(site: TransferSite, isReturn: boolean, link?: () => void): void;
}

/** Parameters of the function that `TransferTiming.learnCode` generates. */
export const learnParameters = ['i32', 'i64', 'i64', 'i32'] as const;

/** What transfers cost, as code. */
export interface TransferTiming {
  /** A function (hart, address of the half-word that ends a transfer, its target, what is asked) that transfers call. */
  learnCode(): Code;
  /** Code for the transfers of one function. */
  within(frame: TransferFrame): FrameTransfers;
}

/** A field of an instruction that names a floating-point register. */
export type FloatOperand = 'frs1' | 'frs2' | 'frs3' | 'frd';

/** Waits for floating-point registers. */
export interface FloatWaits {
  /**
   * Where in a hart's memory the words of the registers begin: the low half of the cycle from which on users of each may
   * issue.
   */
  readonly offset: number;
  /** Number of the mechanism that owns the waits. */
  readonly leaf: number;
  /** The longest; a register that seems to come later came long ago. */
  readonly most: number;
  /**
   * The iterative unit, which refuses instructions of floating point while it divides: where in a hart's memory the low half of
   * the cycle is from which on it does not, after how many cycles they come again, and by how much that is before users of the
   * result.
   */
  readonly unit: { readonly offset: number; readonly retry: number; readonly lead: number };
  /** The operands that an instruction waits for. */
  operandsOf(instruction: Instruction): readonly FloatOperand[];
  /** The gap from an instruction to users of the register that it writes; 0 if it writes none, or if that depends on operands. */
  gapOf(instruction: Instruction): number;
  /** The gap of a division, over its operands; `undefined` of any other instruction. */
  divisionGapOf(instruction: Instruction): I32 | undefined;
}

/** What code for the commits of a core in stages is generated for. */
export interface CommitSite {
  /** Imported functions: `CompiledClient.commit` and `CompiledClient.perform`, with the hart's memory in front. */
  readonly commit: number;
  readonly perform: number;
  /** Bytes from the start of the hart's memory to its count of cycles, the leaves in force, and the addresses of what commits. */
  readonly cycle: number;
  readonly leaves: number;
  readonly addresses: number;
}

/** Type of the function that follows the path of an instruction (`EngineTiming.commitCode`). */
export const walkType = {
  parameters: ['i32', 'i32', 'i32', 'i64', 'i64', 'i64', 'i32'],
  results: ['i32'],
} as const;

/** What generated code must know of the pipeline to count cycles as it does. */
export interface EngineTiming {
  /** The same for timings that generate the same code. */
  readonly key: string;
  /** A core in stages says how long each instruction takes; `operandExtra` are all the cycles of a multiplication or division. */
  readonly inStages: boolean;
  /** Caches and TLBs are modelled, so that an access is direct only where both would hit, and so is an instruction. */
  readonly hasCaches: boolean;
  /** In stages: the function that interpreters call at each commit (`commitParameters`). */
  commitCode?(site: CommitSite): Code;
  /** In stages: a function (hart) to the number of the translated function that begins where the core is, plus 1, 0 if there is none, or -1 where that is worth translating. */
  arrivalCode?(site: CommitSite, heat: number): Code;
  /** Number of the mechanism that owns the cycle in which an instruction issues. */
  readonly issue: number;
  /** `undefined` where transfers cost nothing but their issue. */
  readonly transfers: TransferTiming | undefined;
  /** `undefined` where no floating-point register is waited for. */
  readonly floats: FloatWaits | undefined;
  /** How long `current` waits for those before it, executed in line. */
  stall(older: Decoded | undefined, previous: Decoded, current: Decoded): Wait;
  /** Cycles on top of issue that depend on the operands, over `rs1` and `rs2`. */
  operandExtra(instruction: Instruction): I32 | undefined;
  /** The most cycles on top of issue that an instruction can cost, stalls apart. */
  mostExtra(instruction: Instruction): number;
  /** Whether generated code can tell the time of an instruction. */
  hasCode(instruction: Instruction): boolean;
  /** Number of the mechanism that owns what an instruction costs on top of issue. */
  mechanismOf(instruction: Instruction): number;
}
