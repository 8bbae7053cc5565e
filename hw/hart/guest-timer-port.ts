import { type Csr, guestTimerMap, vtimecmp, vtimectl } from '../isa/index.ts';
import type { AccessBytes, MmioTarget } from '../kernel/index.ts';
import type { CsrFile } from './csr-file.ts';

/** What the port is wired to. */
export interface GuestTimerPortPorts {
  readonly hartId: number;
  readonly csrs: CsrFile;
  /** Called around a write: the hart is brought up to the present, and takes what it finds then. */
  readonly follow: () => void;
}

/** A hart's guest timer for an interruptor in whose memory it is, too: the same registers as the hart's CSRs. */
export class GuestTimerPort implements MmioTarget {
  readonly name: string;
  readonly size = guestTimerMap.bytes;
  readonly latency = 'guestTimer';
  readonly #ports: GuestTimerPortPorts;

  constructor(ports: GuestTimerPortPorts) {
    this.name = `hart.${String(ports.hartId)}`;
    this.#ports = ports;
  }

  /** A hart without such a timer reads zero. */
  read(offset: number): bigint {
    const csr = this.#csrAt(offset);
    return csr === undefined ? 0n : this.#ports.csrs.stored(csr);
  }

  /** A hart without such a timer ignores it. */
  write(offset: number, _bytes: AccessBytes, value: bigint): boolean {
    const csr = this.#csrAt(offset);
    if (csr === undefined) return true;
    const { csrs, follow } = this.#ports;
    follow();
    csrs.write(csr, value);
    follow();
    return true;
  }

  #csrAt(offset: number): Csr | undefined {
    const csr = offset === guestTimerMap.vtimecmp ? vtimecmp : vtimectl;
    return this.#ports.csrs.has(csr) ? csr : undefined;
  }
}
