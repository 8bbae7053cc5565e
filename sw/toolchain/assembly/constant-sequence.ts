/** One step of building a constant: an immediate instruction on the value built so far (x0 at first). */
export interface ConstantStep {
  readonly mnemonic: 'lui' | 'addi' | 'addiw' | 'slli' | 'srli';
  readonly immediate: number;
}

/** True if a value fits a signed field of that many bits. */
export function fitsSigned(value: bigint, bits: number): boolean {
  return BigInt.asIntN(bits, value) === value;
}

/** True if a value fits the 12-bit immediate of loads, stores and arithmetic. */
export function fitsImmediate(value: bigint): boolean {
  return value >= -2048n && value < 2048n;
}

/** Splits an offset into the parts of a `lui`/`auipc` and a 12-bit immediate. */
export function splitOffset(offset: bigint): { readonly high: bigint; readonly low: bigint } {
  const low = BigInt.asIntN(12, offset);
  return { high: offset - low, low };
}

function build32(value: bigint): ConstantStep[] {
  const { high, low } = splitOffset(value);
  const upper: ConstantStep = { mnemonic: 'lui', immediate: Number(BigInt.asIntN(32, high)) };
  return low === 0n ? [upper] : [upper, { mnemonic: 'addiw', immediate: Number(low) }];
}

/** A mask of ones from bit 0 up, or its like: `-1` shifted right. */
function buildShiftedRight(value: bigint): ConstantStep[] | undefined {
  const bits = BigInt.asUintN(64, value);
  for (let shift = 1n; shift < 64n; shift += 1n) {
    if (bits >> (64n - shift) !== 0n) return undefined;
    const ones = (1n << shift) - 1n;
    const start = BigInt.asIntN(64, (bits << shift) | ones);
    if (!fitsImmediate(start)) continue;
    return [
      { mnemonic: 'addi', immediate: Number(start) },
      { mnemonic: 'srli', immediate: Number(shift) },
    ];
  }
  return undefined;
}

/** The instructions that build a 64-bit constant in one register. */
export function constantSequence(constant: bigint): readonly ConstantStep[] {
  const value = BigInt.asIntN(64, constant);
  if (fitsImmediate(value)) return [{ mnemonic: 'addi', immediate: Number(value) }];
  if (fitsSigned(value, 32)) return build32(value);
  const shifted = buildShiftedRight(value);
  if (shifted) return shifted;
  let zeros = 0;
  while (((value >> BigInt(zeros)) & 1n) === 0n) zeros += 1;
  if (zeros > 11 && fitsSigned(value >> BigInt(zeros), 32)) {
    return [...constantSequence(value >> BigInt(zeros)), { mnemonic: 'slli', immediate: zeros }];
  }
  const { high, low } = splitOffset(value);
  const upper = constantSequence(BigInt.asIntN(52, high >> 12n));
  const steps: ConstantStep[] = [...upper, { mnemonic: 'slli', immediate: 12 }];
  return low === 0n ? steps : [...steps, { mnemonic: 'addi', immediate: Number(low) }];
}
