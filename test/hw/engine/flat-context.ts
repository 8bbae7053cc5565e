import {
  execute,
  HART_STATE_BYTES,
  HartState,
  raise,
  type ExecutionContext,
} from '../../../hw/engine/index.ts';
import {
  decode,
  everyExtension,
  type AccessBytes,
  type Decoded,
  type Space,
  type SystemOperation,
} from '../../../hw/isa/index.ts';

const selection = everyExtension();

/** One operation that the engine asked the hart for. */
export interface Request {
  readonly operation: SystemOperation;
  readonly decoded: Decoded;
  readonly values: readonly bigint[];
}

/** The simplest hart: memory without translation, and a record of everything else that an engine asks for. */
export class FlatContext implements ExecutionContext {
  readonly state = new HartState(new ArrayBuffer(HART_STATE_BYTES));
  misalignedTargetBits = 3n;
  readonly memory = new Uint8Array(256);
  readonly spaces: Space[] = [];
  readonly requests: Request[] = [];
  /** What the next operation yields. */
  answer = 0n;
  holdsReservation = false;

  /** Executes one instruction word at the current pc. */
  step(word: number): void {
    const decoded = decode(word, selection);
    if (decoded === undefined) throw new Error(`${word.toString(16)} is no instruction`);
    execute(decoded.instruction)(decoded, this);
  }

  load(address: bigint, bytes: AccessBytes, space: Space): bigint {
    this.spaces.push(space);
    return this.#read(address, bytes);
  }

  store(address: bigint, bytes: AccessBytes, value: bigint, space: Space): void {
    this.spaces.push(space);
    this.#write(address, bytes, value);
  }

  amo(address: bigint, bytes: 4 | 8, combine: (old: bigint) => bigint): bigint {
    const old = this.#read(address, bytes);
    this.#write(address, bytes, combine(old));
    return old;
  }

  loadReserved(address: bigint, bytes: 4 | 8): bigint {
    this.holdsReservation = true;
    return this.#read(address, bytes);
  }

  storeConditional(address: bigint, bytes: 4 | 8, value: bigint): boolean {
    const held = this.holdsReservation;
    if (held) this.#write(address, bytes, value);
    this.holdsReservation = false;
    return held;
  }

  system(operation: SystemOperation, decoded: Decoded, ...values: bigint[]): bigint {
    this.requests.push({ operation, decoded, values });
    return this.answer;
  }

  trap(cause: number, value: bigint): never {
    return raise(cause, value);
  }

  #read(address: bigint, bytes: number): bigint {
    const start = Number(address);
    if (start + bytes > this.memory.length) raise(5, address);
    let value = 0n;
    for (const byte of this.memory.slice(start, start + bytes).reverse()) {
      value = (value << 8n) | BigInt(byte);
    }
    return value;
  }

  #write(address: bigint, bytes: number, value: bigint): void {
    const start = Number(address);
    if (start + bytes > this.memory.length) raise(7, address);
    for (let index = 0; index < bytes; index += 1) {
      this.memory[start + index] = Number((value >> BigInt(8 * index)) & 0xffn);
    }
  }
}
