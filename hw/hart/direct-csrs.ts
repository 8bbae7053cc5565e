import { DIRECT_CSR_BYTES, directCsr, directCsrs, type HartState } from '../engine/index.ts';
import { type Csr, type Mode, modes, privilegeOf, isVirtual } from '../isa/index.ts';
import type { CsrFile } from './csr-file.ts';
import type { FieldPort } from './csr-port.ts';

/** What the tables are wired to. */
export interface DirectCsrsPorts {
  readonly state: HartState;
  readonly csrs: CsrFile;
  readonly buffer: ArrayBuffer;
  /** Where the tables begin in the buffer: a multiple of 8. */
  readonly offset: number;
}

/** A field that decides who reaches CSRs, as it was last seen. */
interface Consulted {
  readonly port: FieldPort;
  readonly csrs: readonly Csr[];
  wasSet: boolean;
}

const TABLES = 8;
const VIRTUAL = 4;
const SLOT_BYTES = 8;

/** Bytes of the tables of one hart. */
export const DIRECT_CSRS_BYTES = TABLES * DIRECT_CSR_BYTES;

/** Number of the table of a mode. */
function tableNumber(privilege: number, virtual: boolean): number {
  return privilege + (virtual ? VIRTUAL : 0);
}

/**
 * The tables in which generated code finds the CSRs that a mode reaches and that are no more than memory. They say what
 * `CsrFile.access` would do, and are brought up to date when a field that a guard looks at has changed.
 */
export class DirectCsrs {
  readonly #ports: DirectCsrsPorts;
  readonly #words: Uint32Array;
  readonly #masks: BigUint64Array;
  readonly #consulted: readonly Consulted[];
  #writeCount = -1;

  constructor(ports: DirectCsrsPorts) {
    const { buffer, offset, csrs } = ports;
    this.#ports = ports;
    this.#words = new Uint32Array(buffer, offset, DIRECT_CSRS_BYTES / 4);
    this.#masks = new BigUint64Array(buffer, offset, DIRECT_CSRS_BYTES / 8);
    const dependents = new Map<FieldPort, Csr[]>();
    for (const csr of directCsrs) {
      for (const port of csrs.consultedFor(csr)) {
        const others = dependents.get(port);
        if (others === undefined) dependents.set(port, [csr]);
        else others.push(csr);
      }
    }
    this.#consulted = Array.from(dependents, ([port, csrs]) => ({
      port,
      csrs,
      wasSet: port.isSet,
    }));
    for (const csr of directCsrs) this.#describe(csr);
  }

  /** Where the table of the mode in force begins in the buffer. */
  get table(): number {
    const { offset, state } = this.#ports;
    return offset + tableNumber(state.privilege, state.virtual) * DIRECT_CSR_BYTES;
  }

  /** Brings the tables up to date. */
  settle(): void {
    const { writeCount } = this.#ports.csrs;
    if (this.#writeCount === writeCount) return;
    this.#writeCount = writeCount;
    for (const consulted of this.#consulted) {
      const { isSet } = consulted.port;
      if (consulted.wasSet === isSet) continue;
      consulted.wasSet = isSet;
      for (const csr of consulted.csrs) this.#describe(csr);
    }
  }

  #describe(csr: Csr): void {
    for (const mode of modes) this.#describeIn(csr, mode);
  }

  #describeIn(csr: Csr, mode: Mode): void {
    const { csrs, state } = this.#ports;
    const { slot, shown, free, isReadable, isWritable } = csrs.direct(csr.address, mode);
    const table = tableNumber(privilegeOf(mode), isVirtual(mode)) * DIRECT_CSR_BYTES;
    const record = table + directCsrs.indexOf(csr) * directCsr.bytes;
    const place = state.csr.byteOffset + slot * SLOT_BYTES;
    this.#masks[(record + directCsr.shown) / 8] = shown;
    this.#masks[(record + directCsr.free) / 8] = free;
    this.#words[(record + directCsr.readable) / 4] = isReadable ? place : 0;
    this.#words[(record + directCsr.writable) / 4] = isWritable ? place : 0;
  }
}
