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

/** What the table of a mode says of a CSR: where generated code finds it, if the mode may reach it. */
interface DirectRecord {
  readonly address: number;
  readonly mode: Mode;
  /** Where among the words of the tables it begins. */
  readonly first: number;
  /** Address of the value for reads, and for writes: 0 where somebody else must do it. */
  readonly readable: number;
  readonly writable: number;
}

/** A field that decides who reaches CSRs, as it was last seen. */
interface Consulted {
  readonly port: FieldPort;
  readonly records: readonly DirectRecord[];
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
    const dependents = new Map<FieldPort, DirectRecord[]>();
    for (const [number, csr] of directCsrs.entries()) {
      const consulted = new Set(csrs.consultedFor(csr));
      for (const record of this.#recordsOf(csr, number)) {
        this.#describe(record);
        for (const port of consulted) {
          const others = dependents.get(port);
          if (others === undefined) dependents.set(port, [record]);
          else others.push(record);
        }
      }
    }
    this.#consulted = Array.from(dependents, ([port, records]) => {
      return { port, records, wasSet: port.isSet };
    });
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
      for (const record of consulted.records) this.#describe(record);
    }
  }

  /** Writes down what accesses to a CSR do, which stays so; a CSR that is more than memory has no record. */
  #recordsOf(csr: Csr, number: number): readonly DirectRecord[] {
    const { csrs, state } = this.#ports;
    const places = [false, true].map((virtual) => csrs.direct(csr.address, virtual));
    return modes.flatMap((mode) => {
      const direct = places[isVirtual(mode) ? 1 : 0];
      if (direct === undefined) return [];
      const { slot, shown, free, isTakenAsItIs } = direct;
      const table = tableNumber(privilegeOf(mode), isVirtual(mode)) * DIRECT_CSR_BYTES;
      const record = table + number * directCsr.bytes;
      this.#masks[(record + directCsr.shown) / 8] = shown;
      this.#masks[(record + directCsr.free) / 8] = free;
      const readable = state.csr.byteOffset + slot * SLOT_BYTES;
      const writable = isTakenAsItIs ? readable : 0;
      return [{ address: csr.address, mode, first: record / 4, readable, writable }];
    });
  }

  /** Brings a record up to date with what its mode may do. */
  #describe({ address, mode, first, readable, writable }: DirectRecord): void {
    const { csrs } = this.#ports;
    const mayRead = csrs.refusal(address, mode, false) === undefined;
    const mayWrite = writable !== 0 && csrs.refusal(address, mode, true) === undefined;
    this.#words[first + directCsr.readable / 4] = mayRead ? readable : 0;
    this.#words[first + directCsr.writable / 4] = mayWrite ? writable : 0;
  }
}
