/**
 * What a load or store instruction does, packed into one word: bits 3:0 number of bytes, then flags, 12:8 the register, 18:16 the
 * length of the instruction; 0 = no load or store of integers.
 */
export const ACCESS_BYTES: u64 = 0xf;
export const ACCESS_STORE: u64 = 1 << 4;
export const ACCESS_SIGNED: u64 = 1 << 5;
export const ACCESS_GUEST: u64 = 1 << 6;
export const ACCESS_EXECUTE: u64 = 1 << 7;
/** The guest form of DV-Ext (HULV, HUSV). */
export const ACCESS_USER: u64 = 1 << 20;

const REGISTER_SHIFT: u64 = 8;
const LENGTH_SHIFT: u64 = 16;

const OPCODE_LOAD: u64 = 0x03;
const OPCODE_STORE: u64 = 0x23;
const OPCODE_SYSTEM: u64 = 0x73;

/** The register that is loaded or stored. */
export function accessRegister(access: u64): u64 {
  return (access >> REGISTER_SHIFT) & 31;
}

/** Length of the instruction in bytes. */
export function accessLength(access: u64): u64 {
  return (access >> LENGTH_SHIFT) & 7;
}

function describe(flags: u64, bytes: u64, register: u64, length: u64): u64 {
  return flags | bytes | (register << REGISTER_SHIFT) | (length << LENGTH_SHIFT);
}

/** LOAD and STORE: funct3 bits 1:0 are log2 of the size, bit 2 of a load means unsigned. `unprivileged 2.6` */
function decodeBase(word: u64): u64 {
  const funct3 = (word >> 12) & 7;
  const bytes: u64 = (<u64>1) << (funct3 & 3);
  if ((word & 0x7f) == OPCODE_LOAD) {
    if (funct3 == 7) return 0;
    return describe(funct3 < 4 ? ACCESS_SIGNED : 0, bytes, (word >> 7) & 31, 4);
  }
  return funct3 > 3 ? 0 : describe(ACCESS_STORE, bytes, (word >> 20) & 31, 4);
}

/** HLV, HLVX, HSV, and the forms of DV-Ext with bit 31 set. `priv 18.3.1` `duvisor 2.1` */
function decodeGuest(word: u64): u64 {
  if (((word >> 12) & 7) != 4 || ((word >> 28) & 7) != 6) return 0;
  const bytes: u64 = (<u64>1) << ((word >> 26) & 3);
  const flags = ACCESS_GUEST | (word >> 31 != 0 ? ACCESS_USER : 0);
  if (((word >> 25) & 1) != 0) return describe(flags | ACCESS_STORE, bytes, (word >> 20) & 31, 4);
  const form = (word >> 20) & 31;
  if (form == 3) return describe(flags | ACCESS_EXECUTE, bytes, (word >> 7) & 31, 4);
  return describe(flags | (form == 0 ? ACCESS_SIGNED : 0), bytes, (word >> 7) & 31, 4);
}

/** C.LW, C.LD, C.SW, C.SD and their sp-relative forms. `unprivileged 28.3` */
function decodeCompressed(word: u64): u64 {
  const funct3 = (word >> 13) & 7;
  const quadrant = word & 3;
  if (quadrant == 1 || (funct3 & 2) == 0) return 0;
  const bytes: u64 = (funct3 & 1) != 0 ? 8 : 4;
  const isStore = funct3 >= 6;
  if (quadrant == 0) {
    return describe(isStore ? ACCESS_STORE : ACCESS_SIGNED, bytes, 8 + ((word >> 2) & 7), 2);
  }
  if (isStore) return describe(ACCESS_STORE, bytes, (word >> 2) & 31, 2);
  return describe(ACCESS_SIGNED, bytes, (word >> 7) & 31, 2);
}

/** Whether the instruction that starts with this parcel has 32 bits. `unprivileged 1.5` */
export function isWide(parcel: u64): bool {
  return (parcel & 3) == 3;
}

/** Decodes a load or store of integer registers, 0 for everything else. */
export function decodeAccess(word: u64): u64 {
  if (!isWide(word)) return decodeCompressed(word);
  const opcode = word & 0x7f;
  if (opcode == OPCODE_LOAD || opcode == OPCODE_STORE) return decodeBase(word);
  return opcode == OPCODE_SYSTEM ? decodeGuest(word) : 0;
}
