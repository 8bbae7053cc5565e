import { Transfer } from './branch-target-buffer.ts';

/** What a half-word that ends an instruction makes fetch do. */
export interface ScannedTransfer {
  readonly kind: Transfer;
  /** Where it goes, relative to the start of the instruction; `undefined` if a register says where. */
  readonly offset: number | undefined;
}

const HALF = 0xffff;
const OPCODE = 0x7f;
const BRANCH = 0x63;
const JAL = 0x6f;
const JALR = 0x67;

/** Whether a half-word is an instruction by itself. */
export function isCompressed(half: number): boolean {
  return (half & 3) !== 3;
}

function isLinkRegister(register: number): boolean {
  return (register & 0x1b) === 1;
}

/** The transfer that a 32-bit instruction is, if it is one. */
export function wideTransfer(word: number): ScannedTransfer | undefined {
  const links = (word & 0x80) !== 0;
  switch (word & OPCODE) {
    case BRANCH: {
      const offset =
        ((word >> 31) << 12) |
        ((word & 0x80) << 4) |
        ((word >>> 20) & 0x7e0) |
        ((word >>> 7) & 0x1e);
      return { kind: Transfer.branch, offset };
    }
    case JAL: {
      const offset =
        ((word >> 31) << 20) | (word & 0xff000) | ((word >>> 9) & 0x800) | ((word >>> 20) & 0x7fe);
      return { kind: links ? Transfer.call : Transfer.jump, offset };
    }
    case JALR: {
      const isReturn = !links && isLinkRegister((word >>> 15) & 31);
      const kind = isReturn ? Transfer.return : links ? Transfer.call : Transfer.jump;
      return { kind, offset: undefined };
    }
    default:
      return undefined;
  }
}

/** The transfer that a 16-bit instruction is, if it is one. */
export function compressedTransfer(half: number): ScannedTransfer | undefined {
  const selector = ((half & 3) << 3) | (half >>> 13);
  const register = (half >>> 7) & 31;
  switch (selector) {
    case 0b01101:
      return { kind: Transfer.jump, offset: jumpOffset(half) };
    case 0b01110:
    case 0b01111:
      return { kind: Transfer.branch, offset: branchOffset(half) };
    case 0b10100: {
      if (((half >>> 2) & 31) !== 0) return undefined;
      if ((half & 0x1000) !== 0) return { kind: Transfer.call, offset: undefined };
      const kind = isLinkRegister(register) ? Transfer.return : Transfer.jump;
      return { kind, offset: undefined };
    }
    default:
      return undefined;
  }
}

/** Whether a word may end a branch, given the word in front of it. */
export function mayEndBranch(word: number, before: number): boolean {
  const [low, high] = [word & HALF, word >>> 16];
  const isWide = (half: number): boolean => (half & OPCODE) === BRANCH;
  const isShort = (half: number): boolean =>
    isCompressed(half) && compressedTransfer(half)?.kind === Transfer.branch;
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
