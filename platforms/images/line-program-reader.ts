import { ByteReader } from './byte-reader.ts';
import { imageError } from './image-error.ts';

/** Bits beyond which a number of a line program is none: 64, in groups of 7. */
const longestLeb = 70n;

/** Reads the fields of a `.debug_line` section one after the other; outside of it everything is refused. */
export class LineProgramReader {
  readonly #file: ByteReader;
  /** Offset of the next field in bytes. */
  position = 0;

  constructor(bytes: Uint8Array) {
    this.#file = new ByteReader('.debug_line', bytes);
  }

  get isAtEnd(): boolean {
    return this.position >= this.#file.bytes.length;
  }

  u8(): number {
    return this.#file.u8(this.#advance(1), 'a byte');
  }

  u16(): number {
    return this.#file.u16(this.#advance(2), 'a half word');
  }

  u32(): number {
    return this.#file.u32(this.#advance(4), 'a word');
  }

  u64(): bigint {
    return this.#file.u64(this.#advance(8), 'an address');
  }

  /** The next bytes, not copied. */
  take(length: number): Uint8Array {
    return this.#file.slice(this.#advance(length), length, 'a part');
  }

  /** Text up to the next zero byte, which is passed over. */
  text(): string {
    const start = this.position;
    while (this.u8() !== 0);
    return this.#file.text(start, 'a name');
  }

  /** An unsigned number in groups of 7 bits (DWARF 4, 7.6). */
  unsignedLeb(): bigint {
    return this.#leb().value;
  }

  /** A signed number in groups of 7 bits (DWARF 4, 7.6). */
  signedLeb(): bigint {
    const { value, bits } = this.#leb();
    return BigInt.asIntN(Number(bits), value);
  }

  #leb(): { readonly value: bigint; readonly bits: bigint } {
    let value = 0n;
    for (let bits = 0n; bits < longestLeb;) {
      const group = this.u8();
      value |= BigInt(group & 0x7f) << bits;
      bits += 7n;
      if (group < 0x80) return { value, bits };
    }
    throw imageError('E-IMG-003', '.debug_line: a number has more than 64 bits');
  }

  #advance(length: number): number {
    const at = this.position;
    this.position += length;
    return at;
  }
}
