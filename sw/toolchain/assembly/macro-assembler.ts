import type { AssemblySyntax, InstructionName } from '../../../hw/isa/index.ts';
import type { Register } from './register.ts';

declare const labelBrand: unique symbol;

/** A place inside one assembly function; made by `label` or `here`. */
export interface Label {
  readonly [labelBrand]: true;
}

/** Where a branch or jump goes: a label of the same function, or a symbol's name. */
export type Target = Label | string;

/** What stands for each form of a written operand; `imm(rs1)` is two operands. */
interface OperandTypes {
  rd: [Register];
  rs1: [Register];
  rs2: [Register];
  imm: [number];
  'imm>>12': [number];
  shamt: [number];
  uimm: [number];
  csr: [string];
  target: [Target];
  '(rs1)': [Register];
  'imm(rs1)': [number, Register];
}

type OperandList<Syntax extends string> =
  Syntax extends `${infer First extends keyof OperandTypes}, ${infer Rest}`
    ? [...OperandTypes[First], ...OperandList<Rest>]
    : Syntax extends keyof OperandTypes
      ? OperandTypes[Syntax]
      : [];

/** `hlv.d` is written `hlv_d`. */
type MethodName<Name extends string> = Name extends `${infer First}.${infer Rest}`
  ? `${First}_${MethodName<Rest>}`
  : Name;

/** Instructions that only the pseudo-instructions and calls below write. */
export type Unwritten = 'jal' | 'fence';

/** One method per row of hw/isa: `a.add(rd, rs1, rs2)`, `a.ld(rd, offset, base)`, `a.csrrw(rd, 'sstatus', rs1)`, `a.hlv_d(rd, rs1)`. */
export type InstructionMethods = {
  [Name in Exclude<InstructionName, Unwritten> as MethodName<Name>]: (
    ...operands: OperandList<AssemblySyntax<Name>>
  ) => void;
};

/** The pseudo-instructions of the assembly language, and the directives. */
export interface PseudoInstructions {
  nop(): void;
  /** Loads any 64-bit constant with the shortest sequence. */
  li(rd: Register, value: number | bigint): void;
  /** Loads the address of a symbol or label, relative to pc. */
  la(rd: Register, target: Target, offset?: number): void;
  mv(rd: Register, rs: Register): void;
  not(rd: Register, rs: Register): void;
  neg(rd: Register, rs: Register): void;
  sext_w(rd: Register, rs: Register): void;
  seqz(rd: Register, rs: Register): void;
  snez(rd: Register, rs: Register): void;
  beqz(rs: Register, target: Target): void;
  bnez(rs: Register, target: Target): void;
  bltz(rs: Register, target: Target): void;
  bgez(rs: Register, target: Target): void;
  blez(rs: Register, target: Target): void;
  bgtz(rs: Register, target: Target): void;
  j(target: Target): void;
  jr(rs: Register): void;
  /** Calls a function: an assembly function, `file/function`, or an unambiguous `function`. */
  call(symbol: Target): void;
  /** Jumps to a function that returns to our caller. */
  tail(symbol: Target): void;
  ret(): void;
  csrr(rd: Register, csr: string): void;
  csrw(csr: string, rs: Register): void;
  csrs(csr: string, rs: Register): void;
  csrc(csr: string, rs: Register): void;
  csrwi(csr: string, value: number): void;
  csrsi(csr: string, bits: number): void;
  csrci(csr: string, bits: number): void;
  fence(predecessor?: string, successor?: string): void;
  /** Makes a label to be placed later. */
  label(name?: string): Label;
  /** Places a label at this point. */
  place(label: Label): void;
  /** Makes a label at this point: `const again = a.here();`. */
  here(name?: string): Label;
  /** Also gives this point a global symbol. */
  symbol(name: string): void;
  /** Marks this point for the exit recorder, as `probe("name")` does in AssemblyScript. */
  probe(name: string): void;
  align(bytes: number): void;
  /** Emits data words between instructions. */
  word(...values: number[]): void;
  dword(...values: (bigint | Target)[]): void;
}

/** What an assembly function is written with. */
export type MacroAssembler = InstructionMethods & PseudoInstructions;
