import type { Decoded } from '../isa/index.ts';
import { pipelineAccess } from '../timing/index.ts';

const OPCODE_MASK = 0x7f;
const LOAD = 0x03;
const LOAD_FLOAT = 0x07;
const STORE = 0x23;
const STORE_FLOAT = 0x27;
const RS1_SHIFT = 15;
/** Everything but `imm` and `rs1` of a load: funct3, rd, opcode. */
const LOAD_KEPT = 0x7fff;
/** Everything but `imm` and `rs1` of a store: rs2, funct3, opcode. */
const STORE_KEPT = 0x01f0_707f;
/** Clear in the report of an instruction that was 16 bits long. */
const LENGTH_BIT = 2;
/** Opcode and funct3 of the CBO instructions, of which only the operation is kept (unpriv 19.2). */
const CACHE_BLOCK_MASK = 0x707f;
const CACHE_BLOCK = 0x200f;
const RS1_MASK = 0x1f << RS1_SHIFT;

/**
 * The instruction behind a load or store trap in the form that `htinst` and `mtinst` report (priv 18.6.3): without
 * immediate, and with the distance from the accessed to the faulting address in place of `rs1`. A 16-bit instruction is
 * reported as what it expands to, bit 1 being 0. 0 for other instructions.
 */
export function transformedInstruction(decoded: Decoded, addressOffset: number): bigint {
  if ((decoded.word & CACHE_BLOCK_MASK) === CACHE_BLOCK) {
    return BigInt((decoded.word & ~RS1_MASK) >>> 0);
  }
  if (pipelineAccess(decoded) === undefined) return 0n;
  const transformed = transformedWord(decoded.expanded, addressOffset);
  return BigInt(decoded.length === 2 ? transformed & ~LENGTH_BIT : transformed);
}

function transformedWord(word: number, addressOffset: number): number {
  const offset = (addressOffset & 0x1f) << RS1_SHIFT;
  switch (word & OPCODE_MASK) {
    case LOAD:
    case LOAD_FLOAT:
      return (word & LOAD_KEPT) | offset;
    case STORE:
    case STORE_FLOAT:
      return (word & STORE_KEPT) | offset;
    default:
      return ((word & ~RS1_MASK) | offset) >>> 0;
  }
}
