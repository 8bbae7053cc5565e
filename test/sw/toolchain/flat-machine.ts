import {
  decode,
  everyExtension,
  type AccessBytes,
  type Decoded,
  type SystemOperation,
} from '../../../hw/isa/index.ts';
import {
  execute,
  HartState,
  HART_STATE_BYTES,
  type ExecutionContext,
} from '../../../hw/engine/index.ts';

const pageBytes = 4096n;
/** Return address of a called function; nothing is ever placed there. */
const returnAddress = 0xdead_0000n;
const selection = everyExtension();

/** What an instruction count is broken down into. */
export interface RunResult {
  readonly value: bigint;
  readonly instructionCount: number;
  readonly stackPointer: bigint;
}

/** One hart that executes with the instructions' own semantics, on memory without translation, devices or traps. */
export class FlatMachine implements ExecutionContext {
  readonly state = new HartState(new ArrayBuffer(HART_STATE_BYTES));
  readonly misalignedTargetBits = 3n;
  readonly #pages = new Map<bigint, DataView>();
  readonly #decoded = new Map<bigint, Decoded>();
  #reserved: bigint | undefined;

  /** Loads the segments of an ELF64 executable. */
  loadElf(elf: Uint8Array): void {
    const view = new DataView(elf.buffer, elf.byteOffset, elf.byteLength);
    const table = Number(view.getBigUint64(32, true));
    const count = view.getUint16(56, true);
    for (let index = 0; index < count; index += 1) {
      const at = table + index * 56;
      const offset = Number(view.getBigUint64(at + 8, true));
      const address = view.getBigUint64(at + 16, true);
      const size = Number(view.getBigUint64(at + 32, true));
      this.write(address, elf.subarray(offset, offset + size));
    }
  }

  write(address: bigint, bytes: Uint8Array): void {
    bytes.forEach((byte, k) => this.store(address + BigInt(k), 1, BigInt(byte)));
  }

  read(address: bigint, length: number): Uint8Array {
    return Uint8Array.from({ length }, (_, k) => Number(this.load(address + BigInt(k), 1)));
  }

  /** Calls a function with register arguments and runs until it returns. */
  call(address: bigint, operands: readonly bigint[], stackTop: bigint, limit = 1e6): RunResult {
    const { x } = this.state;
    operands.forEach((operand, k) => {
      x[10 + k] = BigInt.asUintN(64, operand);
    });
    for (const saved of [8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27])
      x[saved] = BigInt(saved) * 3n;
    x[1] = returnAddress;
    x[2] = stackTop;
    this.state.pc = address;
    let instructionCount = 0;
    while (this.state.pc !== returnAddress) {
      if (instructionCount === limit) throw new Error(`no return after ${limit} instructions`);
      this.step();
      instructionCount += 1;
    }
    for (const saved of [8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27]) {
      if (x[saved] !== BigInt(saved) * 3n) throw new Error(`x${saved} is not preserved`);
    }
    return { value: BigInt.asIntN(64, x[10] ?? 0n), instructionCount, stackPointer: x[2] };
  }

  /** Executes one instruction. */
  step(): void {
    const { pc } = this.state;
    let decoded = this.#decoded.get(pc);
    if (!decoded) {
      const word = Number(this.load(pc, 4));
      decoded = decode(word, selection);
      if (!decoded)
        throw new Error(`illegal instruction 0x${word.toString(16)} at 0x${pc.toString(16)}`);
      this.#decoded.set(pc, decoded);
    }
    execute(decoded.instruction)(decoded, this);
  }

  #page(address: bigint): DataView {
    const number = address / pageBytes;
    let page = this.#pages.get(number);
    if (!page) {
      page = new DataView(new ArrayBuffer(Number(pageBytes)));
      this.#pages.set(number, page);
    }
    return page;
  }

  load(address: bigint, bytes: AccessBytes): bigint {
    if (address % BigInt(bytes) !== 0n)
      throw new Error(`misaligned load at 0x${address.toString(16)}`);
    const page = this.#page(address);
    const at = Number(address % pageBytes);
    switch (bytes) {
      case 1:
        return BigInt(page.getUint8(at));
      case 2:
        return BigInt(page.getUint16(at, true));
      case 4:
        return BigInt(page.getUint32(at, true));
      case 8:
        return page.getBigUint64(at, true);
    }
  }

  store(address: bigint, bytes: AccessBytes, value: bigint): void {
    if (address % BigInt(bytes) !== 0n)
      throw new Error(`misaligned store at 0x${address.toString(16)}`);
    const page = this.#page(address);
    const at = Number(address % pageBytes);
    switch (bytes) {
      case 1: {
        page.setUint8(at, Number(value & 0xffn));
        return;
      }
      case 2: {
        page.setUint16(at, Number(value & 0xffffn), true);
        return;
      }
      case 4: {
        page.setUint32(at, Number(value & 0xffff_ffffn), true);
        return;
      }
      case 8: {
        page.setBigUint64(at, BigInt.asUintN(64, value), true);
        return;
      }
    }
  }

  amo(address: bigint, bytes: 4 | 8, combine: (old: bigint) => bigint): bigint {
    const old = this.load(address, bytes);
    this.store(address, bytes, combine(old));
    return old;
  }

  loadReserved(address: bigint, bytes: 4 | 8): bigint {
    this.#reserved = address;
    return this.load(address, bytes);
  }

  storeConditional(address: bigint, bytes: 4 | 8, value: bigint): boolean {
    const isReserved = this.#reserved === address;
    this.#reserved = undefined;
    if (isReserved) this.store(address, bytes, value);
    return isReserved;
  }

  system(operation: SystemOperation): bigint {
    throw new Error(`${operation} is outside this machine`);
  }

  trap(cause: number): never {
    throw new Error(`trap ${cause} at 0x${this.state.pc.toString(16)}`);
  }
}
