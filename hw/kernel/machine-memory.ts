/** The part of the JavaScript WebAssembly interface that a machine's memory needs. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

interface WasmGlobal {
  readonly WebAssembly: {
    readonly Memory: new (limits: { initial: number; maximum: number }) => WasmMemory;
  };
}

/** Consecutive bytes. */
export interface ByteRange {
  /** First byte; in the machine's memory, unless said otherwise. */
  readonly offset: number;
  readonly bytes: number;
}

/** A named range of the machine's memory. */
export interface MemoryArea extends ByteRange {
  readonly name: string;
}

/** Bytes of a WebAssembly page. */
export const wasmPageBytes = 0x1_0000;
const maximumPages = 0x1_0000;
const areaAlignment = 0x1000;

/**
 * The one WebAssembly memory of a machine: hart states first, then ROM and RAM, so that every engine reaches
 * registers and RAM by offsets into the same buffer. Its size never changes, so views stay valid.
 */
export class MachineMemory {
  /** For import into generated WebAssembly modules. */
  readonly memory: WasmMemory;
  readonly buffer: ArrayBuffer;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Little-endian accesses of any alignment must pass `true`. */
  readonly view: DataView<ArrayBuffer>;
  /** Aligned doublewords: index = offset / 8. */
  readonly doublewords: BigUint64Array<ArrayBuffer>;
  /** The areas in the order of placement. */
  readonly areas: readonly MemoryArea[];

  /** Places the areas one after the other, each at a multiple of 4 KiB. */
  constructor(wanted: readonly { readonly name: string; readonly bytes: number }[]) {
    let end = 0;
    const areas: MemoryArea[] = [];
    for (const { name, bytes } of wanted) {
      if (areas.some((area) => area.name === name)) {
        throw new Error(`machine memory: area ${name} is wanted twice`);
      }
      areas.push({ name, bytes, offset: end });
      end = Math.ceil((end + bytes) / areaAlignment) * areaAlignment;
    }
    const pages = Math.max(1, Math.ceil(end / wasmPageBytes));
    if (pages > maximumPages) {
      throw new Error(`machine memory: ${String(end)} bytes are wanted, the limit is 4 GiB`);
    }
    const { WebAssembly } = globalThis as unknown as WasmGlobal;
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.buffer = this.memory.buffer;
    this.bytes = new Uint8Array(this.buffer);
    this.view = new DataView(this.buffer);
    this.doublewords = new BigUint64Array(this.buffer);
    this.areas = areas;
  }

  /** The area of that name; asking for an unknown one is a defect of the caller. */
  area(name: string): MemoryArea {
    const area = this.areas.find((candidate) => candidate.name === name);
    if (area === undefined) {
      throw new Error(`machine memory: no area ${name}`);
    }
    return area;
  }
}
