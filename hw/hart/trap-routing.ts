import type { DvRules } from '../dv-ext/index.ts';
import {
  hedeleg,
  hideleg,
  hstatus,
  isVirtual,
  medeleg,
  mideleg,
  sedeleg,
  sideleg,
} from '../isa/index.ts';
import type { Mode } from '../isa/index.ts';
import type { CsrWires } from './csr-file.ts';
import type { FieldPort, RegisterPort } from './csr-port.ts';

/** Whose trap vector a trap goes to; HU is the exit handler in U mode. */
export type TrapTarget = 'M' | 'HS' | 'HU' | 'VS';

/** Whether a delegation register names a cause or interrupt; all their numbers are below 32. */
function names({ low }: RegisterPort, number: number): boolean {
  return ((low >>> number) & 1) !== 0;
}

/** Decides where traps go. */
export class TrapRouting {
  readonly #rules: DvRules | undefined;
  readonly #hu: FieldPort;
  readonly #exceptions: Readonly<Record<'toHS' | 'toVS' | 'toHU', RegisterPort>>;
  readonly #interrupts: Readonly<Record<'toHS' | 'toVS' | 'toHU', RegisterPort>>;

  constructor(csrs: CsrWires, rules: DvRules | undefined) {
    this.#rules = rules;
    this.#hu = csrs.fieldPort(hstatus, 'hu');
    this.#exceptions = {
      toHS: csrs.registerPort(medeleg),
      toVS: csrs.registerPort(hedeleg),
      toHU: csrs.registerPort(sedeleg),
    };
    this.#interrupts = {
      toHS: csrs.registerPort(mideleg),
      toVS: csrs.registerPort(hideleg),
      toHU: csrs.registerPort(sideleg),
    };
  }

  /** Whether a trap that is delegated to HU gets there from a mode; what `h_enable` and V decide (duvisor 3). */
  reachesHU(mode: Mode): boolean {
    if (mode === 'M' || this.#rules === undefined) return false;
    const { exits } = this.#rules;
    if (exits === 'any') return true;
    if (exits === 'guest-or-user') return mode !== 'HS';
    return isVirtual(mode) && this.#hu.isSet;
  }

  /** Where an exception taken in a mode goes (priv 18.6.2, duvisor 3). */
  exception(cause: number, mode: Mode): TrapTarget {
    const { toHS, toVS, toHU } = this.#exceptions;
    if (mode === 'M' || !names(toHS, cause)) return 'M';
    if (isVirtual(mode) && names(toVS, cause)) return 'VS';
    return names(toHU, cause) && this.reachesHU(mode) ? 'HU' : 'HS';
  }

  /** Where an interrupt that is being taken goes; selection has already decided that it may be taken. */
  interrupt(number: number, mode: Mode): TrapTarget {
    const { toHS, toVS, toHU } = this.#interrupts;
    if (mode === 'M' || !names(toHS, number)) return 'M';
    if (isVirtual(mode) && names(toVS, number)) return 'VS';
    return this.#rules !== undefined && names(toHU, number) ? 'HU' : 'HS';
  }
}
