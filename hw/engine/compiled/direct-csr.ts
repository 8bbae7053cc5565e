import {
  type Csr,
  csrByAddress,
  csrs,
  type Decoded,
  isAlias,
  writeFlushes,
} from '../../isa/index.ts';

/**
 * What generated code must know to access a CSR in one mode: a record of 24 bytes. Offsets in bytes. The hart keeps a table
 * of them for each mode and says here what that mode may do now.
 */
export const directCsr = {
  bytes: 24,
  /** Bits that a read shows (u64). */
  shown: 0,
  /** Bits that a write sets to what it says, the others to 0 (u64). */
  free: 8,
  /** Address of the value; 0 where somebody else must read it (u32). */
  readable: 16,
  /** The same for a write (u32). */
  writable: 20,
} as const;

/** Whether the value may be the bits of one place in the hart's memory; what a hart has decides the rest. */
function isInOnePlace({ storage }: Csr): boolean {
  if (isAlias(storage)) return storage.gate === undefined && (storage.shift ?? 0) === 0;
  return storage === 'own';
}

/** The CSRs that have records, in their order in a table. */
export const directCsrs: readonly Csr[] = csrs.filter(isInOnePlace);

/** Bytes of the records of one mode. */
export const DIRECT_CSR_BYTES = directCsrs.length * directCsr.bytes;

const numbers: ReadonlyMap<Csr, number> = new Map(directCsrs.map((csr, number) => [csr, number]));

/** The number of the record of the CSR that an instruction names; `undefined` if it has none. */
export function directNumber({ csr: address }: Decoded): number | undefined {
  const csr = csrByAddress.get(address);
  return csr && numbers.get(csr);
}

/** Setting and clearing read only where the field of the operand is 0. */
function writesCsr({ instruction, rs1, imm }: Decoded): boolean {
  const isConditional = instruction.effects.some(({ effect }) => effect === 'ifZeroField');
  return !isConditional || rs1 !== 0 || imm !== 0n;
}

/** Whether generated code may find the CSR of an access in its table; a write must leave the pipeline alone. */
export function mayBeDirect(decoded: Decoded): boolean {
  if (directNumber(decoded) === undefined) return false;
  return !writesCsr(decoded) || !writeFlushes(decoded.csr);
}
