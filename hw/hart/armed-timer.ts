import { type DvRules, isTimerEnabled, timerInterrupt } from '../dv-ext/index.ts';
import { mip, vtimectl } from '../isa/index.ts';
import type { CsrFile } from './csr-file.ts';
import { RegisterPort } from './csr-port.ts';
import { guestTimer } from './timer-compare.ts';

/** What the timer is wired to. */
export interface ArmedTimerPorts {
  readonly csrs: CsrFile;
  readonly rules: DvRules;
}

/**
 * The guest timer of the QEMU fork (duvisor 5.5): a write of `vtimecmp` arms an enabled timer, enabling it does not, and
 * disabling it disarms it. Its expiry makes the interrupt pending once; a later time written ends that, as software can in `mip`.
 */
export class ArmedTimer {
  /** What `mtime` will be at the expiry; `undefined` while it is not armed. */
  deadline: bigint | undefined;
  readonly #ports: ArmedTimerPorts;
  readonly #pending: RegisterPort;

  constructor(ports: ArmedTimerPorts) {
    this.#ports = ports;
    // Hardware raises what software cannot write, too.
    this.#pending = new RegisterPort({ ...ports.csrs.registerPort(mip).place, settable: mip.mask });
  }

  /** Takes new values of the registers while `mtime` is `now`; `isCompareWritten` says whether `vtimecmp` is one of them. */
  update(now: bigint, isCompareWritten: boolean): void {
    const { csrs, rules } = this.#ports;
    const timer = guestTimer(csrs, now);
    if (!isTimerEnabled(timer.control)) this.deadline = undefined;
    else if (isCompareWritten) {
      const isLater = timer.compare > timer.now;
      this.deadline = isLater ? now + timer.compare - timer.now : undefined;
      this.#set(timerInterrupt(rules, timer.control), !isLater);
    }
  }

  /** `mtime` has become `now`. */
  reach(now: bigint): void {
    const { csrs, rules } = this.#ports;
    if (this.deadline === undefined || now < this.deadline) return;
    this.deadline = undefined;
    this.#set(timerInterrupt(rules, csrs.stored(vtimectl)), true);
  }

  #set(interrupt: bigint, isPending: boolean): void {
    const { high, low } = this.#pending;
    const bits = Number(BigInt.asUintN(32, interrupt));
    this.#pending.set(high, isPending ? low | bits : low & ~bits);
  }
}
