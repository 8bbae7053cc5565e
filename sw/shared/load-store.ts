/**
 * What a load or store instruction does, packed into one word because functions return one value: the register in bits 4:0,
 * log2 of the size in bits 6:5, and the flags below. 0 is no load or store of integer registers.
 */

/** The access is a store; its register is the source. */
export const ACCESS_STORE: u32 = 1 << 7;
/** The loaded value is zero-extended. */
const ACCESS_UNSIGNED: u32 = 1 << 8;
/** Set in every valid access. */
const ACCESS_VALID: u32 = 1 << 9;

const OPCODE_LOAD: u32 = 0x03;
const OPCODE_STORE: u32 = 0x23;
const WORD: u32 = 2;
const DOUBLEWORD: u32 = 3;

/** Decodes LB to LWU, SB to SD and the compressed forms C.LW, C.LD, C.SW, C.SD and those relative to sp (unpriv 2.6, 26.3). */
export function decodeAccess(instruction: u32): u32 {
  switch (instruction & 3) {
    case 3:
      return decodeFull(instruction);
    case 0:
      return decodeRegisterBased(instruction);
    case 2:
      return decodeStackBased(instruction);
    default:
      return 0;
  }
}

/** Register of an access. */
export function registerOfAccess(access: u32): u32 {
  return access & 31;
}

/** Log2 of the size of an access in bytes. */
export function sizeOfAccess(access: u32): u32 {
  return (access >> 5) & 3;
}

/** The value that a load leaves in its register when memory holds `data`. */
export function extend(data: u64, access: u32): u64 {
  const shift = <u64>(64 - (8 << sizeOfAccess(access)));
  const high = data << shift;
  return access & ACCESS_UNSIGNED ? high >> shift : <u64>((<i64>high) >> (<i64>shift));
}

function accessOf(register: u32, size: u32, flags: u32): u32 {
  return ACCESS_VALID | flags | (size << 5) | register;
}

function decodeFull(instruction: u32): u32 {
  const funct3 = (instruction >> 12) & 7;
  switch (instruction & 0x7f) {
    case OPCODE_LOAD:
      if (funct3 == 7) return 0;
      return accessOf((instruction >> 7) & 31, funct3 & 3, funct3 & 4 ? ACCESS_UNSIGNED : 0);
    case OPCODE_STORE:
      if (funct3 > 3) return 0;
      return accessOf((instruction >> 20) & 31, funct3, ACCESS_STORE);
    default:
      return 0;
  }
}

function decodeRegisterBased(instruction: u32): u32 {
  const register = 8 + ((instruction >> 2) & 7);
  switch ((instruction >> 13) & 7) {
    case 2:
      return accessOf(register, WORD, 0);
    case 3:
      return accessOf(register, DOUBLEWORD, 0);
    case 6:
      return accessOf(register, WORD, ACCESS_STORE);
    case 7:
      return accessOf(register, DOUBLEWORD, ACCESS_STORE);
    default:
      return 0;
  }
}

function decodeStackBased(instruction: u32): u32 {
  const destination = (instruction >> 7) & 31;
  const source = (instruction >> 2) & 31;
  switch ((instruction >> 13) & 7) {
    case 2:
      return destination == 0 ? 0 : accessOf(destination, WORD, 0);
    case 3:
      return destination == 0 ? 0 : accessOf(destination, DOUBLEWORD, 0);
    case 6:
      return accessOf(source, WORD, ACCESS_STORE);
    case 7:
      return accessOf(source, DOUBLEWORD, ACCESS_STORE);
    default:
      return 0;
  }
}
