import { coreLocalAddress, type CoreLocalCsr, forkCoreLocalAddress } from '../isa/index.ts';
import type { CsrWrite } from './csr-file.ts';
import type { MemoryAccess } from './memory-access.ts';

const BYTES = 8;

/**
 * A hart's own way to the interruptor of the prototype, by instructions, or of the QEMU fork, by CSRs: accesses with M's
 * rights, at addresses of its own making.
 */
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

  /** What an instruction does with the register that a CSR is; the old value. */
  access(name: CoreLocalCsr, write: CsrWrite, operand: bigint): bigint {
    const address = BigInt(forkCoreLocalAddress(name, this.#hartId));
    const old = this.#memory.load(address, BYTES, 'machine');
    if (write !== 'none')
      this.#memory.store(address, BYTES, written(old, write, operand), 'machine');
    return old;
  }

  #addressOf(word: number): bigint {
    return BigInt(coreLocalAddress(word, this.#hartId));
  }
}

function written(old: bigint, write: 'write' | 'set' | 'clear', operand: bigint): bigint {
  if (write === 'write') return operand;
  return write === 'set' ? old | operand : old & ~operand;
}
