import type { Decoded } from '../isa/index.ts';
import { pipelineAccess } from '../timing/index.ts';

const OPCODE_MASK = 0x7f;
const LOAD = 0x03;
const STORE = 0x23;
const RS1_SHIFT = 15;
/** Everything but `imm` and `rs1` of a load: funct3, rd, opcode. */
const LOAD_KEPT = 0x7fff;
/** Everything but `imm` and `rs1` of a store: rs2, funct3, opcode. */
const STORE_KEPT = 0x01f0_707f;
const RS1_MASK = 0x1f << RS1_SHIFT;

/**
 * The instruction behind a load or store trap in the form that `htinst` and `mtinst` report (priv 18.6.3): without
 * immediate, and with the distance from the accessed to the faulting address in place of `rs1`. 0 for other instructions.
 */
export function transformedInstruction(decoded: Decoded, addressOffset: number): bigint {
  if (pipelineAccess(decoded) === undefined) return 0n;
  const { word } = decoded;
  const offset = (addressOffset & 0x1f) << RS1_SHIFT;
  switch (word & OPCODE_MASK) {
    case LOAD:
      return BigInt((word & LOAD_KEPT) | offset);
    case STORE:
      return BigInt((word & STORE_KEPT) | offset);
    default:
      return BigInt(((word & ~RS1_MASK) | offset) >>> 0);
  }
}
