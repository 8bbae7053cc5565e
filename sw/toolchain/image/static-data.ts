import type { DataSegment } from '../front/data-segments.ts';

/** Bytes of an object's header before a string's first character; its last word is the length in bytes. */
const stringLengthOffset = 4n;

/** Reads objects out of the static data of a compilation. */
export class StaticData {
  readonly segments: readonly DataSegment[];

  /** First address behind the data. */
  readonly end: bigint;

  constructor(segments: readonly DataSegment[], end: bigint) {
    this.end = end;
    this.segments = [...segments].sort((a, b) => Number(a.address - b.address));
  }

  /** Text of the string literal whose first character lies at an address. */
  stringAt = (address: bigint): string | undefined => {
    const length = this.wordAt(address - stringLengthOffset);
    if (length === undefined) return undefined;
    const found = this.#find(address, length);
    if (!found) return length === 0 ? '' : undefined;
    return new TextDecoder('utf-16le').decode(found.bytes.subarray(found.at, found.at + length));
  };

  /** The 32-bit word at an address. */
  wordAt = (address: bigint): number | undefined => {
    const found = this.#find(address, 4);
    if (!found) return undefined;
    const { bytes, at } = found;
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true);
  };

  #find(
    address: bigint,
    length: number,
  ): { readonly bytes: Uint8Array; readonly at: number } | undefined {
    const key = BigInt.asUintN(64, address);
    for (const segment of this.segments) {
      const at = Number(key - segment.address);
      if (at >= 0 && at + length <= segment.bytes.length) return { bytes: segment.bytes, at };
    }
    return undefined;
  }
}
