import type { HartState } from '../engine/index.ts';
import { raise } from '../engine/index.ts';
import {
  Cause,
  csrByAddress,
  htimedelta,
  hutimedelta,
  isVirtual,
  mcountinhibit,
  performanceEvents,
  writeFlushes,
} from '../isa/index.ts';
import type {
  Csr,
  CsrContext,
  CsrEffect,
  CsrFeatures,
  Counter,
  Guard,
  LiveSource,
  Mode,
  PerformanceEvent,
} from '../isa/index.ts';
import { type FieldPort, fieldPort, registerPort, type RegisterPort } from './csr-port.ts';
import { legalized, placeOf, resolveCsrs } from './csr-storage.ts';
import type { Place, StoredCsr } from './csr-storage.ts';
import { WiredGuard } from './wired-guard.ts';

/** What a CSR instruction does besides reading. */
export type CsrWrite = 'none' | 'write' | 'set' | 'clear';

/** The events that are cycles of one mechanism. */
export type MechanismEvent = Exclude<PerformanceEvent, 'none' | 'instructions' | 'cycles'>;

/** What hardware around the CSRs drives into them and learns from them. */
export interface CsrEnvironment {
  /** The machine's `mtime`. */
  readTime(): bigint;
  /** Interrupt lines into this hart and interrupts its guest timer raises, as bits of `mip`. */
  pendingLines(): number;
  /** Lines of the guest external interrupts, as bits of `hgeip`. */
  guestExternalLines(): bigint;
  /** Cycles that a mechanism of the pipeline has cost since reset. */
  cyclesOf(mechanism: MechanismEvent): number;
  /** Told after each write what derived state it may have outdated. */
  onChange(effects: readonly CsrEffect[]): void;
}

/** Where hardware around the CSRs gets its wires to them. */
export type CsrWires = Pick<CsrFile, 'features' | 'fieldPort' | 'registerPort'>;

/** An address as this hart decodes it. */
interface Port {
  readonly csr: Csr;
  readonly guard: WiredGuard;
  readonly writeGuard: WiredGuard;
}

/** A CSR all of which is one slot, of which a read shows some bits. */
export interface DirectCsr extends Place {
  /** Bits that a write sets to what it says, the others to 0. */
  readonly free: bigint;
  /** Whether a write does no more than that. */
  readonly isTakenAsItIs: boolean;
}

const WORD = (1n << 64n) - 1n;
const ADDRESSES = 4096;

/** The control and status registers of one hart: the rows of `hw/isa/csr` over the hart's state. */
export class CsrFile {
  readonly features: CsrFeatures;
  /** Whether the last access empties the pipeline. */
  flushes = false;
  /** How often software has, or somebody in its place, written to CSRs. */
  writeCount = 0;
  readonly #state: HartState;
  readonly #environment: CsrEnvironment;
  readonly #ports: readonly (Port | undefined)[];
  readonly #entries: readonly (StoredCsr | undefined)[];
  readonly #counters: readonly StoredCsr[];
  readonly #context: CsrContext;
  /** The words of the slots, low before high. */
  readonly #words: Uint32Array;
  readonly #guards = new WeakMap<Guard, WiredGuard>();
  /** Ports to fields by name: one for all who look at a field, so that they see together that it has changed. */
  readonly #fieldPorts = new Map<Csr, Map<string, FieldPort>>();

  constructor(state: HartState, features: CsrFeatures, environment: CsrEnvironment) {
    this.features = features;
    this.#state = state;
    this.#words = new Uint32Array(state.csr.buffer, state.csr.byteOffset);
    this.#environment = environment;
    this.#context = { features, read: (csr) => this.stored(csr) };
    const { stored, present } = resolveCsrs(features);
    this.#entries = stored;
    this.#counters = this.#entries.flatMap((entry) =>
      entry?.counter === undefined ? [] : [entry],
    );
    const ports = new Array<Port | undefined>(ADDRESSES).fill(undefined);
    for (const { csr, guard, writeGuard } of present) {
      ports[csr.address] = { csr, guard: this.wired(guard), writeGuard: this.wired(writeGuard) };
    }
    this.#ports = ports;
    this.reset();
  }

  /** Puts every CSR to its reset value. */
  reset(): void {
    this.writeCount += 1;
    for (const entry of this.#entries) {
      if (entry?.slot !== undefined) this.#state.csr[entry.slot] = entry.reset;
    }
  }

  /** Whether this hart has a CSR. */
  has(csr: Csr): boolean {
    return this.#ports[csr.address] !== undefined;
  }

  /**
   * Executes a CSR instruction's access: refuses it with an illegal- or virtual-instruction exception that reports
   * `instruction`, or returns the old value and, unless `write` is `none`, modifies the register.
   */
  access(
    address: number,
    mode: Mode,
    write: CsrWrite,
    operand: bigint,
    instruction: number,
  ): bigint {
    const port = this.#ports[address];
    const refusal = this.refusal(address, mode, write !== 'none');
    if (port === undefined || refusal !== undefined) {
      const cause = refusal === 'virtual' ? Cause.virtualInstruction : Cause.illegalInstruction;
      return raise(cause, BigInt(instruction));
    }
    const csr = (isVirtual(mode) ? port.csr.virtual : undefined) ?? port.csr;
    const old = this.read(csr);
    this.flushes = write !== 'none' && writeFlushes(address);
    if (write === 'write') this.write(csr, operand);
    else if (write !== 'none') {
      const sticks = csr.sticky === true && this.features.dv?.lines === 'sticky';
      const base = sticks || csr.shows !== undefined ? old : this.stored(csr);
      this.write(csr, write === 'set' ? base | operand : base & ~operand);
    }
    return old;
  }

  /** How an access would be refused in a mode; `undefined` when it is allowed. */
  refusal(address: number, mode: Mode, writes: boolean): 'illegal' | 'virtual' | undefined {
    const port = this.#ports[address];
    if (port === undefined) return this.#absentRefusal(address, mode);
    // No mode may write it, so a guest's attempt is not one that HS would be allowed (priv 18.6.1).
    if (writes && port.csr.isReadOnly) return 'illegal';
    const refusal = port.guard.outcome(mode);
    if (refusal !== undefined || !writes) return refusal;
    return port.writeGuard.outcome(mode);
  }

  /** What an access that is allowed does, without asking it each time, if that is no more than to touch one slot. */
  direct(address: number, virtual: boolean): DirectCsr | undefined {
    const port = this.#ports[address];
    if (port === undefined) return undefined;
    const entry = this.#entry((virtual ? port.csr.virtual : undefined) ?? port.csr);
    const place = entry.csr.shows === undefined ? placeOf(entry, true) : undefined;
    if (place === undefined) return undefined;
    const { isShown, isMemory, free, effects } = entry;
    const isTakenAsItIs = isShown && isMemory && effects.length === 0 && !writeFlushes(address);
    return { ...place, free, isTakenAsItIs };
  }

  /** The fields that decide who reaches a CSR. */
  consultedFor({ address }: Csr): readonly FieldPort[] {
    const port = this.#ports[address];
    return port === undefined ? [] : [...port.guard.ports, ...port.writeGuard.ports];
  }

  /** Value of a CSR as an instruction would read it, lines included. */
  read(csr: Csr): bigint {
    const entry = this.#entry(csr);
    if (entry.isShown) return this.#word(entry.slot);
    const value = this.#value(entry, true);
    return csr.shows === undefined ? value : csr.shows(value, this.#context);
  }

  /** Bits 31:0 of what `read` says. */
  low(csr: Csr): number {
    const { isPlain, driven, slot } = this.#entry(csr);
    if (!isPlain || slot === undefined || driven !== undefined || csr.shows !== undefined) {
      return Number(BigInt.asUintN(32, this.read(csr)));
    }
    const stored = this.#words[2 * slot] ?? 0;
    if (csr.live === undefined) return stored;
    const lines =
      csr.live === 'pending'
        ? this.#environment.pendingLines()
        : Number(BigInt.asUintN(32, this.#lines(csr.live)));
    return (stored | lines) >>> 0;
  }

  /** Value of a CSR as software last stored it, without the lines that hardware drives. */
  stored(csr: Csr): bigint {
    return this.#value(this.#entry(csr), false);
  }

  /** Writes a CSR under its fields' rules, as an instruction that is allowed to would. */
  write(csr: Csr, value: bigint): void {
    const entry = this.#entry(csr);
    this.writeCount += 1;
    if (entry.isMemory && entry.slot !== undefined) {
      this.#state.csr[entry.slot] = value & entry.free;
      if (entry.effects.length > 0) this.#environment.onChange(entry.effects);
      return;
    }
    const current = this.#value(entry, false);
    const legal = legalized(entry, value & WORD, current, this.#context);
    if (csr.steersCounters === true) this.#steer(entry, legal);
    else this.#store(entry, legal);
    if (entry.effects.length > 0) this.#environment.onChange(entry.effects);
  }

  /** One field of a CSR, shifted down to bit 0. */
  field<Fields extends Csr['fields']>(csr: Csr<Fields>, name: keyof Fields & string): bigint {
    const field = csr.fields[name];
    if (field === undefined) throw new Error(`CSR ${csr.name} has no field ${name}`);
    return (this.stored(csr) & field.mask) >> BigInt(field.low);
  }

  /** Writes some fields of a CSR at once, the others keep their values. */
  setFields<Fields extends Csr['fields']>(
    csr: Csr<Fields>,
    values: Readonly<Partial<Record<keyof Fields & string, bigint | boolean>>>,
  ): void {
    const entry = this.#entry(csr);
    let word = this.#value(entry, false);
    for (const name in values) {
      const field = csr.fields[name];
      const value = values[name];
      if (field === undefined || value === undefined) continue;
      word = (word & ~field.mask) | ((BigInt(value) << BigInt(field.low)) & field.mask);
    }
    this.write(csr, word);
  }

  /** Wires hardware to a field. Who writes through the port knows what that outdates. */
  fieldPort<Fields extends Csr['fields']>(
    csr: Csr<Fields>,
    name: keyof Fields & string,
  ): FieldPort {
    let ports = this.#fieldPorts.get(csr);
    if (ports === undefined) {
      ports = new Map();
      this.#fieldPorts.set(csr, ports);
    }
    const known = ports.get(name);
    if (known !== undefined) return known;
    const field = csr.fields[name];
    if (field === undefined) throw new Error(`CSR ${csr.name} has no field ${name}`);
    const entry = this.#entry(csr);
    const port = fieldPort(this.#state, entry, field.mask, this.#legalBits(entry));
    ports.set(name, port);
    return port;
  }

  /** Wires hardware to a whole CSR. Who writes through the port knows what that outdates. */
  registerPort(csr: Csr): RegisterPort {
    const entry = this.#entry(csr);
    return registerPort(this.#state, entry, this.#legalBits(entry));
  }

  /** A guard with the fields that it looks at wired to this hart's. */
  wired(guard: Guard): WiredGuard {
    let wired = this.#guards.get(guard);
    if (wired === undefined) {
      wired = new WiredGuard(guard, this);
      this.#guards.set(guard, wired);
    }
    return wired;
  }

  /** Bits that can be other than 0 on this hart. */
  #legalBits(entry: StoredCsr): bigint {
    return legalized(entry, WORD, 0n, this.#context);
  }

  /** DV-Ext is removable: without it a guest is still told that its hypervisor lacks something (profiles `none`). */
  #absentRefusal(address: number, mode: Mode): 'illegal' | 'virtual' {
    const isDv = csrByAddress.get(address)?.extension === 'dv';
    return isDv && this.features.dv === undefined && isVirtual(mode) ? 'virtual' : 'illegal';
  }

  #entry(csr: Csr): StoredCsr {
    const entry = this.#entries[csr.address];
    if (entry === undefined) throw new Error(`CSR ${csr.name} is not in the table of CSRs`);
    return entry;
  }

  #word(slot: number | undefined): bigint {
    return slot === undefined ? 0n : (this.#state.csr[slot] ?? 0n);
  }

  #value(
    { csr, slot, reset, counter, alias, driven, isPlain }: StoredCsr,
    withLines: boolean,
  ): bigint {
    if (isPlain && !(withLines && csr.live !== undefined)) return this.#word(slot);
    if (alias !== undefined) {
      const { target, shift, gate, hidesLines, own } = alias;
      let shown = this.#value(target, withLines && !hidesLines);
      if (gate !== undefined) shown &= gate(this.#context);
      if (shift !== 0n) shown >>= shift;
      return (own === 0n ? shown : (shown & ~own) | (this.#word(slot) & own)) & csr.mask;
    }
    let value = slot === undefined ? reset : this.#word(slot);
    if (counter !== undefined && !this.#isInhibited(counter)) {
      value = (value + this.#counted(counter)) & WORD;
    }
    if (!withLines || csr.live === undefined) return value;
    if (driven !== undefined) value &= ~driven(this.#context);
    return value | this.#lines(csr.live);
  }

  #lines(source: LiveSource): bigint {
    if (source === 'pending') return BigInt(this.#environment.pendingLines() >>> 0);
    if (source === 'guestExternal') return this.#environment.guestExternalLines();
    const now = this.#environment.readTime();
    return this.#state.virtual ? this.guestTime(now) : now;
  }

  /** What a guest reads as `time` when the machine's clock shows `now` (priv 18.2.7). */
  guestTime(now: bigint): bigint {
    const { dv } = this.features;
    if (dv?.guestTime === 'raw') return now;
    return (now + this.stored(dv?.views === 'separate' ? hutimedelta : htimedelta)) & WORD;
  }

  #isInhibited({ number }: Counter): boolean {
    return ((this.stored(mcountinhibit) >> BigInt(number)) & 1n) !== 0n;
  }

  #eventOf({ counts }: Counter): PerformanceEvent {
    if (typeof counts === 'string') return counts;
    return performanceEvents[Number(this.stored(counts))] ?? 'none';
  }

  /** What a counter that is not stopped has counted since reset. */
  #counted(counter: Counter): bigint {
    const event = this.#eventOf(counter);
    switch (event) {
      case 'none':
        return 0n;
      case 'instructions':
        return BigInt(this.#state.instret);
      case 'cycles':
        return BigInt(this.#state.cycle);
      default:
        return BigInt(this.#environment.cyclesOf(event));
    }
  }

  /** Lets counters go on from what they show: the slot of a stopped one holds its value, else an offset. */
  #steer(entry: StoredCsr, value: bigint): void {
    const shown = this.#counters.map((counter) => this.#value(counter, false));
    this.#store(entry, value);
    for (const [index, { slot, counter }] of this.#counters.entries()) {
      if (slot === undefined || counter === undefined) continue;
      const offset = this.#isInhibited(counter) ? 0n : this.#counted(counter);
      this.#state.csr[slot] = (shown[index] ?? 0n) - offset;
    }
  }

  #store({ slot, counter, alias }: StoredCsr, value: bigint): void {
    let word = value;
    if (alias !== undefined) {
      const { target, shift, gate, own } = alias;
      const reached = gate === undefined ? alias.reached : alias.reached & gate(this.#context);
      if (reached !== 0n) {
        const kept = this.#value(target, false) & ~reached;
        this.#store(target, kept | ((shift === 0n ? value : value << shift) & reached));
      }
      word &= own;
    }
    // A written count holds for the next instruction, this one not counted (priv 3.1.10).
    if (counter !== undefined && !this.#isInhibited(counter)) {
      word -= this.#counted(counter) + (this.#eventOf(counter) === 'instructions' ? 1n : 0n);
    }
    if (slot !== undefined) this.#state.csr[slot] = word;
  }
}
