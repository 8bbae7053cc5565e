import { coreLocalAddress } from '../isa/index.ts';
import type { MemoryAccess } from './memory-access.ts';

const BYTES = 8;

/** A hart's own way to the prototype's core-local interruptor: accesses with M's rights, at addresses of its own making. */
export class CoreLocalPort {
  readonly #memory: Pick<MemoryAccess, 'load' | 'store' | 'amo'>;
  readonly #hartId: number;

  constructor(memory: Pick<MemoryAccess, 'load' | 'store' | 'amo'>, hartId: number) {
    this.#memory = memory;
    this.#hartId = hartId;
  }

  /** Reads the register that an instruction word names. */
  load(word: number): bigint {
    return this.#memory.load(this.#addressOf(word), BYTES, 'machine');
  }

  /** Writes the register that an instruction word names. */
  store(word: number, value: bigint): void {
    this.#memory.store(this.#addressOf(word), BYTES, value, 'machine');
  }

  /** Replaces the register that an instruction word names by what `combine` makes of it. */
  update(word: number, combine: (old: bigint) => bigint): void {
    this.#memory.amo(this.#addressOf(word), BYTES, combine, 'machine');
  }

  #addressOf(word: number): bigint {
    return BigInt(coreLocalAddress(word, this.#hartId));
  }
}
