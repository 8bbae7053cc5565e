import { formatAddress } from '../source/quantity.ts';
import { imageError } from './image-error.ts';

/** Reads little-endian fields of a file and refuses, by name, whatever lies outside of it. */
export class ByteReader {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(name: string, bytes: Uint8Array) {
    this.name = name;
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(offset: number, what: string): number {
    return this.#view.getUint8(this.#within(offset, 1, what));
  }

  u16(offset: number, what: string): number {
    return this.#view.getUint16(this.#within(offset, 2, what), true);
  }

  u32(offset: number, what: string): number {
    return this.#view.getUint32(this.#within(offset, 4, what), true);
  }

  u64(offset: number, what: string): bigint {
    return this.#view.getBigUint64(this.#within(offset, 8, what), true);
  }

  /** A 64-bit field that must be exact as a number, as every offset and size of a real file is. */
  offset(offset: number, what: string): number {
    const value = this.u64(offset, what);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw imageError(
        'E-IMG-003',
        `${this.name}: ${what} is ${formatAddress(value)}, beyond 2^53`,
      );
    }
    return Number(value);
  }

  /** A stretch of the file, not copied. */
  slice(offset: number, length: number, what: string): Uint8Array {
    return this.bytes.subarray(this.#within(offset, length, what), offset + length);
  }

  /** Text up to the next zero byte. */
  text(offset: number, what: string): string {
    const end = this.bytes.indexOf(0, this.#within(offset, 1, what));
    return new TextDecoder().decode(this.bytes.subarray(offset, end < 0 ? undefined : end));
  }

  #within(offset: number, length: number, what: string): number {
    if (offset >= 0 && length >= 0 && offset + length <= this.bytes.length) return offset;
    const place = `${formatAddress(offset)}..${formatAddress(offset + length)}`;
    const extent = `the file has ${String(this.bytes.length)} bytes`;
    throw imageError(
      'E-IMG-003',
      `${this.name}: ${what} at ${place} is outside the file (${extent})`,
    );
  }
}
