/** Reads the primitive encodings of a WebAssembly binary (core spec 5.2). */
export class ByteReader {
  readonly bytes: Uint8Array;
  position: number;
  readonly end: number;

  constructor(bytes: Uint8Array, position = 0, end = bytes.length) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
  }

  get atEnd(): boolean {
    return this.position >= this.end;
  }

  byte(): number {
    const value = this.bytes[this.position];
    if (value === undefined || this.atEnd) throw new RangeError('WebAssembly binary is truncated');
    this.position += 1;
    return value;
  }

  unsigned(): number {
    return Number(this.unsigned64());
  }

  unsigned64(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  signed(width: 32 | 33 | 64): bigint {
    let value = 0n;
    let shift = 0n;
    for (;;) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
      if (byte >= 0x80) continue;
      const signed = byte & 0x40 ? value - (1n << shift) : value;
      return BigInt.asIntN(width, signed);
    }
  }

  view(length: number): Uint8Array {
    const view = this.bytes.subarray(this.position, this.position + length);
    this.position += length;
    return view;
  }

  name(): string {
    return new TextDecoder().decode(this.view(this.unsigned()));
  }

  vector<T>(read: () => T): T[] {
    return Array.from({ length: this.unsigned() }, read);
  }
}
