/**
 * A decoded instruction as generated code reads it: 16 bytes at its place in a page of entries, one per smallest
 * instruction of the page. Offsets in bytes.
 */
export const packed = {
  /** What the interpreter does, for this instruction or for it and the next one (u8). */
  op: 0,
  /** Number of the destination register (u8); writes to x0 go to the sink. */
  rd: 1,
  /** What the instruction leaves to those that follow (u16, see `trail.ts`). */
  trail: 2,
  /** Number of the first source register (u8). */
  rs1: 4,
  /** Number of an instruction that traps or returns, in place of the first source (u8). */
  transition: 4,
  /** What the interpreter does after it, if that comes next in line: the operation of the next entry, or `Special.wait` (u8). */
  nextOp: 5,
  /** Distance to the entry of the next instruction in line (i16). */
  advance: 6,
  /** The immediate operand, sign-extended: of an instruction with another source or another form an i16, else an i32. */
  imm: 8,
  /** Number of that other source: a register, or the record of a CSR (u8). */
  rs2: 10,
  csr: 10,
  /** Where in its page the instruction is (u16). */
  place: 12,
  /** How often it was jumped to; or, where a region begins, `isRegion` and the number of the region (u16). */
  heat: 14,
} as const;

/** Bytes of one entry. */
export const ENTRY_BYTES = 16;

/** Says that `packed.heat` numbers a region. */
export const isRegion = 0x8000;

/** Operations that are no instruction's. */
export const Special = {
  /** The entry has not been filled. */
  undecoded: 0,
  /** Somebody else executes this instruction. */
  slow: 1,
  /** The page ends here. */
  pageEnd: 2,
  /** Nothing but time passes. */
  nothing: 3,
  /** A translated region begins here; the interpreter knows, no entry says so. */
  region: 4,
  /** A trap or a return from one, as a record says what it does. */
  transition: 5,
  /** The instruction, which comes in line, may have to wait for those before it. */
  wait: 6,
  /** The instruction, which comes in line, lies in a line that those before it do not lie in, and may have to wait besides. */
  line: 7,
} as const;

/** The first operation that belongs to an instruction. */
export const FIRST_OPERATION = 8;

/** Why generated code came back. */
export const Exit = {
  /** The cycles that it was given are used up. */
  limit: 0,
  /** The next instruction is not one for generated code. */
  slow: 1,
  /** The next instruction is not decoded. */
  undecoded: 2,
  /** The page of the next instruction is not known. */
  fetch: 3,
  /** The next instruction has been jumped to so often that it is worth translating. */
  hot: 4,
} as const;

/** One of these reasons. */
export type Exit = (typeof Exit)[keyof typeof Exit];
