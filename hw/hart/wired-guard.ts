import {
  consulted,
  type Csr,
  type Guard,
  type Mode,
  modeNumber,
  modes,
  type Refusal,
} from '../isa/index.ts';
import type { CsrWires } from './csr-file.ts';
import type { FieldPort } from './csr-port.ts';

/** One test of a guard, with its field wired. */
interface WiredCondition {
  readonly port: FieldPort;
  readonly refusesWhenSet: boolean;
  readonly refusal: Refusal;
}

/** A guard as one hart evaluates it: what `guardOutcome` says, without looking for the fields each time. */
export class WiredGuard {
  readonly #guard: Guard;
  readonly #wires: Pick<CsrWires, 'features' | 'fieldPort'>;
  /** Wired when somebody asks: most CSRs of most machines are never accessed. */
  #wired: readonly (Refusal | readonly WiredCondition[] | undefined)[] | undefined;

  constructor(guard: Guard, wires: Pick<CsrWires, 'features' | 'fieldPort'>) {
    this.#guard = guard;
    this.#wires = wires;
  }

  get #rules(): readonly (Refusal | readonly WiredCondition[] | undefined)[] {
    const { features } = this.#wires;
    return (this.#wired ??= modes.map((mode) => {
      const rule = this.#guard[mode];
      if (rule === undefined || typeof rule === 'string') return rule;
      return rule.map(({ csr, field, when, refusal }) => ({
        port: this.#wires.fieldPort(consulted(csr as Csr, field, features), field),
        refusesWhenSet: when === 'set',
        refusal,
      }));
    }));
  }

  /** Every field that it looks at. */
  get ports(): readonly FieldPort[] {
    return this.#rules.flatMap((rule) =>
      typeof rule === 'object' ? rule.map(({ port }) => port) : [],
    );
  }

  /** How a mode is refused; `undefined` when it is not. */
  outcome(mode: Mode): Refusal | undefined {
    const rule = this.#rules[modeNumber(mode)];
    if (rule === undefined || typeof rule === 'string') return rule;
    for (const { port, refusesWhenSet, refusal } of rule) {
      if (port.isSet === refusesWhenSet) return refusal;
    }
    return undefined;
  }
}
