import type { Decoded, I32, Instruction } from '../../isa/index.ts';
import type { Code } from '../../wasm/index.ts';

/** A wait, and the number of the mechanism that owns it. */
interface Wait {
  readonly cycles: number;
  readonly leaf: number;
}

/** Where a transfer is resolved: the function under construction and its locals. */
export interface TransferSite {
  readonly code: Code;
  /** i32: address of the hart's memory. */
  readonly hart: number;
  /** i64: address of the transfer. */
  readonly pc: number;
  /** i64: address that it leads to. */
  readonly target: number;
  /** i32: receives the cycles on top of issue. */
  readonly extra: number;
  /** Number of the function that `TransferTiming.learnCode` generates. */
  readonly learn: number;
}

/** Parameters of the function that `TransferTiming.learnCode` generates. */
export const learnParameters = ['i32', 'i64', 'i64', 'i32'] as const;

/** Appends code that predicts, resolves and learns transfers. */
export interface TransferTiming {
  /** A function (hart, pc, target, whether any target will do) to 1 or 0 that transfers call. */
  learnCode(): Code;
  branch(site: TransferSite, taken: boolean): void;
  jump(site: TransferSite, link?: number): void;
  jumpRegister(site: TransferSite, isReturn: boolean, link?: number): void;
}

/** What generated code must know of the pipeline to count cycles as it does. */
export interface EngineTiming {
  /** The same for timings that generate the same code. */
  readonly key: string;
  /** `undefined` where transfers cost nothing but their issue. */
  readonly transfers: TransferTiming | undefined;
  /** How long `current` waits for those before it, executed in line. */
  stall(older: Decoded | undefined, previous: Decoded, current: Decoded): Wait;
  /** Cycles on top of issue that depend on the operands, over `rs1` and `rs2`. */
  operandExtra(instruction: Instruction): I32 | undefined;
  /** The most cycles on top of issue that an instruction can cost, stalls apart. */
  mostExtra(instruction: Instruction): number;
  /** Number of the mechanism that owns what an instruction costs on top of issue. */
  mechanismOf(instruction: Instruction): number;
}
