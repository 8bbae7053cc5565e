import type { DvRules } from '../dv-ext/index.ts';
import {
  hideleg,
  hustatus,
  Interrupt,
  isVirtual,
  mideleg,
  mie,
  mip,
  mstatus,
  sideleg,
  vsstatus,
} from '../isa/index.ts';
import type { Mode } from '../isa/index.ts';
import type { CsrFile } from './csr-file.ts';
import type { FieldPort, RegisterPort } from './csr-port.ts';
import { TrapRouting } from './trap-routing.ts';

/** Interrupts of one destination in the order in which they are taken (priv 3.1.9, priv 18.2.3). */
const priority: readonly number[] = [
  Interrupt.meip,
  Interrupt.msip,
  Interrupt.mtip,
  Interrupt.seip,
  Interrupt.ssip,
  Interrupt.stip,
  Interrupt.sgei,
  Interrupt.vseip,
  Interrupt.vssip,
  Interrupt.vstip,
  Interrupt.ueip,
  Interrupt.usip,
  Interrupt.utip,
  Interrupt.uvtip,
];

/** Chooses the interrupt that a hart takes. Sets of interrupts are numbers: all of them are in the low half of `mip`. */
export class InterruptSelection {
  readonly #csrs: CsrFile;
  readonly #rules: DvRules | undefined;
  readonly #routing: TrapRouting;
  readonly #enabled: RegisterPort;
  readonly #toSupervisor: RegisterPort;
  readonly #toGuest: RegisterPort;
  readonly #toHandler: RegisterPort;
  readonly #machineEnable: FieldPort;
  readonly #supervisorEnable: FieldPort;
  readonly #handlerEnable: FieldPort;
  readonly #guestEnable: FieldPort;

  constructor(csrs: CsrFile, rules: DvRules | undefined) {
    this.#csrs = csrs;
    this.#rules = rules;
    this.#routing = new TrapRouting(csrs, rules);
    this.#enabled = csrs.registerPort(mie);
    this.#toSupervisor = csrs.registerPort(mideleg);
    this.#toGuest = csrs.registerPort(hideleg);
    this.#toHandler = csrs.registerPort(sideleg);
    this.#machineEnable = csrs.fieldPort(mstatus, 'mie');
    this.#supervisorEnable = csrs.fieldPort(mstatus, 'sie');
    this.#handlerEnable = csrs.fieldPort(hustatus, 'uie');
    this.#guestEnable = csrs.fieldPort(vsstatus, 'sie');
  }

  /** Whether none was pending and enabled when somebody last looked for the next one. */
  isQuiet = false;

  /** The interrupt that a hart takes before its next instruction; `undefined` when none may be taken. */
  next(mode: Mode): number | undefined {
    const candidates = this.#candidates();
    this.isQuiet = candidates === 0;
    return candidates === 0 ? undefined : this.#choose(candidates, mode);
  }

  /** Whether a hart in WFI goes on: an enabled interrupt is pending, whoever it is for and masked or not (priv 3.3.3). */
  get endsWait(): boolean {
    return this.#candidates() !== 0;
  }

  /** Interrupts that are pending and enabled. */
  #candidates(): number {
    const enabled = this.#enabled.low;
    return enabled === 0 ? 0 : enabled & this.#csrs.low(mip);
  }

  #choose(candidates: number, mode: Mode): number | undefined {
    const toSupervisor = this.#toSupervisor.low;
    const toGuest = this.#toGuest.low;
    // Delegated to HU, an interrupt is never the kernel's: it waits until the guest runs.
    const toHandler = this.#rules === undefined ? 0 : this.#toHandler.low;
    const delegated = candidates & toSupervisor;
    const m = when(mode !== 'M' || this.#machineEnable.isSet, candidates & ~toSupervisor);
    const hs = when(this.#takesHS(mode), delegated & ~toGuest & ~toHandler);
    const hu = when(this.#takesHU(mode), delegated & toHandler & (isVirtual(mode) ? ~toGuest : ~0));
    const vs = when(
      mode === 'VU' || (mode === 'VS' && this.#guestEnable.isSet),
      delegated & toGuest,
    );
    const order = this.#rules?.interruptOrder;
    if (order === 'lowest-number') return lowest(m | hs | hu) ?? first(vs);
    const [third, last] = order === 'vs-before-hu' ? [vs, hu] : [hu, vs];
    return first(m) ?? first(hs) ?? first(third) ?? first(last);
  }

  #takesHS(mode: Mode): boolean {
    return mode !== 'M' && (mode !== 'HS' || this.#supervisorEnable.isSet);
  }

  #takesHU(mode: Mode): boolean {
    if (mode === 'M' || mode === 'HS' || !this.#routing.reachesHU(mode)) return false;
    return isVirtual(mode) || this.#handlerEnable.isSet;
  }
}

function when(condition: boolean, interrupts: number): number {
  return condition ? interrupts : 0;
}

function first(interrupts: number): number | undefined {
  if (interrupts === 0) return undefined;
  return priority.find((number) => (interrupts & (1 << number)) !== 0);
}

function lowest(interrupts: number): number | undefined {
  return interrupts === 0 ? undefined : 31 - Math.clz32(interrupts & -interrupts);
}
