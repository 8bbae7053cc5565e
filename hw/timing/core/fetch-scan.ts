import { Transfer } from './branch-target-buffer.ts';

/** An instruction that leads nowhere but to the next one; of others the kind is known, and of most of them where they go. */
export const NO_TRANSFER = -1;

const HALF = 0xffff;
const OPCODE = 0x7f;
const BRANCH = 0x63;
const JAL = 0x6f;
const JALR = 0x67;
const C_J = 0b01101;
const C_BEQZ = 0b01110;
const C_BNEZ = 0b01111;
/** Jumps to registers share it with moves and additions. */
const C_JR = 0b10100;

/** Whether a half-word is an instruction by itself. */
export function isCompressed(half: number): boolean {
  return (half & 3) !== 3;
}

function isLinkRegister(register: number): boolean {
  return (register & 0x1b) === 1;
}

/** Which kind of transfer a 32-bit instruction is, or `NO_TRANSFER`. */
export function wideTransfer(word: number): Transfer | typeof NO_TRANSFER {
  const links = (word & 0x80) !== 0;
  switch (word & OPCODE) {
    case BRANCH:
      return Transfer.branch;
    case JAL:
      return links ? Transfer.call : Transfer.jump;
    case JALR:
      if (links) return Transfer.call;
      return isLinkRegister((word >>> 15) & 31) ? Transfer.return : Transfer.jump;
    default:
      return NO_TRANSFER;
  }
}

/** Whether a 32-bit transfer goes where a register says. */
export function wideIsIndirect(word: number): boolean {
  return (word & OPCODE) === JALR;
}

/** Where any other goes, relative to its start. */
export function wideOffset(word: number): number {
  if ((word & OPCODE) === BRANCH) {
    return (
      ((word >> 31) << 12) | ((word & 0x80) << 4) | ((word >>> 20) & 0x7e0) | ((word >>> 7) & 0x1e)
    );
  }
  return ((word >> 31) << 20) | (word & 0xff000) | ((word >>> 9) & 0x800) | ((word >>> 20) & 0x7fe);
}

/** The opcode of a 16-bit instruction. */
function selectorOf(half: number): number {
  return ((half & 3) << 3) | (half >>> 13);
}

/** Which kind of transfer a 16-bit instruction is, or `NO_TRANSFER`. */
export function compressedTransfer(half: number): Transfer | typeof NO_TRANSFER {
  switch (selectorOf(half)) {
    case C_J:
      return Transfer.jump;
    case C_BEQZ:
    case C_BNEZ:
      return Transfer.branch;
    case C_JR:
      if (((half >>> 2) & 31) !== 0) return NO_TRANSFER;
      if ((half & 0x1000) !== 0) return Transfer.call;
      return isLinkRegister((half >>> 7) & 31) ? Transfer.return : Transfer.jump;
    default:
      return NO_TRANSFER;
  }
}

/** Whether a 16-bit transfer goes where a register says. */
export function compressedIsIndirect(half: number): boolean {
  return selectorOf(half) === C_JR;
}

/** Where any other goes, relative to its start. */
export function compressedOffset(half: number): number {
  return selectorOf(half) === C_J ? jumpOffset(half) : branchOffset(half);
}

/** Whether a word may end a branch, given the word in front of it. */
export function mayEndBranch(word: number, before: number): boolean {
  const [low, high] = [word & HALF, word >>> 16];
  const isWide = (half: number): boolean => (half & OPCODE) === BRANCH;
  const isShort = (half: number): boolean =>
    isCompressed(half) && compressedTransfer(half) === Transfer.branch;
  return isWide(before >>> 16) || isWide(low) || isShort(low) || isShort(high);
}

function bit(half: number, from: number, to: number): number {
  return ((half >>> from) & 1) << to;
}

function jumpOffset(half: number): number {
  return (
    -bit(half, 12, 11) |
    bit(half, 11, 4) |
    (((half >>> 9) & 3) << 8) |
    bit(half, 8, 10) |
    bit(half, 7, 6) |
    bit(half, 6, 7) |
    (((half >>> 3) & 7) << 1) |
    bit(half, 2, 5)
  );
}

function branchOffset(half: number): number {
  return (
    -bit(half, 12, 8) |
    (((half >>> 10) & 3) << 3) |
    (((half >>> 5) & 3) << 6) |
    (((half >>> 3) & 3) << 1) |
    bit(half, 2, 5)
  );
}
