import { encode } from '../encoder.ts';
import { highPart, lowPart } from './constant-expression.ts';

/** Instruction words that load a 64-bit constant into a register, as few as `lui`, `addi` and `slli` allow. */
export function loadImmediate(rd: number, constant: bigint): number[] {
  const value = BigInt.asIntN(64, constant);
  const low = lowPart(value);
  if (value === low) return [encode('addi', { rd, rs1: 0, imm: low })];
  if (value === BigInt.asIntN(32, value)) {
    const upper = encode('lui', { rd, imm: BigInt.asIntN(32, highPart(value) << 12n) });
    return low === 0n ? [upper] : [upper, encode('addiw', { rd, rs1: rd, imm: low })];
  }
  let rest = BigInt.asIntN(64, value - low) >> 12n;
  let shamt = 12;
  for (; (rest & 1n) === 0n; rest >>= 1n) shamt += 1;
  const words = [...loadImmediate(rd, rest), encode('slli', { rd, rs1: rd, shamt })];
  return low === 0n ? words : [...words, encode('addi', { rd, rs1: rd, imm: low })];
}
