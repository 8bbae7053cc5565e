/**
 * A decoded instruction as generated code reads it: 16 bytes at its place in a page of entries, one per smallest
 * instruction of the page. Offsets in bytes.
 */
export const packed = {
  /** What the interpreter does (u8). */
  op: 0,
  /** Distance to the entry of the next instruction in line (u8). */
  advance: 1,
  /** Where the destination register lies in the hart's state (u16); writes to x0 go to the sink. */
  rd: 2,
  /** Where the source registers lie in the hart's state (u8 each). */
  rs1: 4,
  rs2: 5,
  /** Number of the record of a CSR, in place of the second source. */
  csr: 5,
  /** Stall of the next instruction if this is the first in line, and of the one after it (u8 each, numbers of stalls). */
  stallOfNext: 6,
  stallAfterNext: 7,
  /** The immediate operand, sign-extended (i32). */
  imm: 8,
  /** The instruction word (u32). */
  word: 12,
} as const;

/** Bytes of one entry. */
export const ENTRY_BYTES = 16;
/** Its logarithm. */
export const ENTRY_SHIFT = 4;

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
  /** A translated region begins here. */
  region: 4,
} as const;

/**
 * Each entry has a word elsewhere: how often it was jumped to; or, where a region begins, `isRegion` with the number of the
 * region above bit 8 and the operation that it hides below.
 */
export const side = {
  bytes: 4,
  isRegion: 0x8000_0000,
  regionShift: 8,
  operationMask: 0xff,
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
