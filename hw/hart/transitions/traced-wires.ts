import type { Csr, CsrFeatures } from '../../isa/index.ts';
import type { CsrWires } from '../csr-file.ts';
import { EVERY_BIT, FieldPort, type PortPlace, RegisterPort } from '../csr-port.ts';
import type { MoveTrace } from './move-trace.ts';

/** A field port that tells what is done through it. */
class TracedFieldPort extends FieldPort {
  readonly #trace: MoveTrace;

  constructor(place: PortPlace, trace: MoveTrace) {
    super(place);
    this.#trace = trace;
  }

  override get value(): number {
    this.#trace.read(this.place);
    return super.value;
  }

  override get isSet(): boolean {
    this.#trace.read(this.place);
    return super.isSet;
  }

  override put(value: number): void {
    super.put(value);
    // What is there now, where it is.
    this.#trace.put(this.place, valueAt(this.place));
  }

  override copy(from: FieldPort): void {
    this.#trace.copy(this.place, from.place);
    super.put(new FieldPort(from.place).value);
  }
}

/** A register port that tells what is done through it. */
export class TracedRegisterPort extends RegisterPort {
  readonly #trace: MoveTrace;

  constructor(place: PortPlace, trace: MoveTrace) {
    super(place);
    this.#trace = trace;
  }

  override get low(): number {
    this.#trace.read({ ...this.place, mask: LOW });
    return super.low;
  }

  override get high(): number {
    this.#trace.read({ ...this.place, mask: EVERY_BIT ^ LOW });
    return super.high;
  }

  override set(high: number, low: number): void {
    super.set(high, low);
    this.#trace.put(this.place, valueAt(this.place));
  }

  override copy(from: RegisterPort, ignored = 0): void {
    this.#trace.copy(this.place, from.place, ignored);
    const { high, low } = new RegisterPort(from.place);
    super.set(high, low & -(2 ** ignored));
  }
}

const LOW = (1n << 32n) - 1n;

function valueAt({ buffer, address, settable }: PortPlace): bigint {
  return (new BigUint64Array(buffer, address, 1)[0] ?? 0n) & settable;
}

/** Wires to CSRs that tell what is done through them. */
export class TracedWires implements CsrWires {
  readonly features: CsrFeatures;
  readonly #csrs: CsrWires;
  readonly #trace: MoveTrace;

  constructor(csrs: CsrWires, trace: MoveTrace) {
    this.features = csrs.features;
    this.#csrs = csrs;
    this.#trace = trace;
  }

  fieldPort<Fields extends Csr['fields']>(
    csr: Csr<Fields>,
    name: keyof Fields & string,
  ): FieldPort {
    return new TracedFieldPort(this.#csrs.fieldPort(csr, name).place, this.#trace);
  }

  registerPort(csr: Csr): RegisterPort {
    return new TracedRegisterPort(this.#csrs.registerPort(csr).place, this.#trace);
  }
}
