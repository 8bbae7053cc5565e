import { binaryen, type BinaryenModule } from './assemblyscript.ts';

/** Static data at its final address. */
export interface DataSegment {
  readonly address: bigint;
  readonly bytes: Uint8Array;
}

/** Binaryen gives 64-bit values as halves, as a number, or as a bigint, depending on where they come from. */
export function integerOf(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return BigInt(value);
  const { high, low } = value as { readonly high: number; readonly low: number };
  return BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low >>> 0));
}

/** Copies the static data out of a module. */
export function dataSegmentsOf(module: BinaryenModule): DataSegment[] {
  return Array.from({ length: module.getNumDataSegments() }, (_, index) => {
    const { offset, data } = module.getDataSegmentInfo(module.getDataSegmentByIndex(index));
    // Binaryen hands the offset out as a signed 32-bit number.
    return { address: BigInt.asUintN(32, integerOf(offset)), bytes: new Uint8Array(data.slice(0)) };
  });
}

/** Values of the integer constants that the sources export, by `file/NAME`. */
export function constantsOf(module: BinaryenModule): ReadonlyMap<string, bigint> {
  const constants = new Map<string, bigint>();
  for (let index = 0; index < module.getNumGlobals(); index += 1) {
    const { name, init } = binaryen.getGlobalInfo(module.getGlobalByIndex(index));
    const { value } = binaryen.getExpressionInfo(init);
    if (value !== undefined && value !== null) constants.set(name, integerOf(value));
  }
  return constants;
}
