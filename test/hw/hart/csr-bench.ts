import { resolveDvExt } from '../../../hw/dv-ext/index.ts';
import type { DvOverrides, DvRules } from '../../../hw/dv-ext/index.ts';
import { HART_STATE_BYTES, HartState, TrapSignal } from '../../../hw/engine/index.ts';
import { CsrFile, type MechanismEvent } from '../../../hw/hart/csr-file.ts';
import { InterruptLines } from '../../../hw/hart/interrupt-lines.ts';
import { InterruptSelection } from '../../../hw/hart/interrupt-selection.ts';
import { TrapUnit } from '../../../hw/hart/trap-unit.ts';
import { csrByName, isVirtual, privilegeOf } from '../../../hw/isa/index.ts';
import type { Csr, CsrEffect, CsrFeatures, DvProfile, Mode } from '../../../hw/isa/index.ts';

/** What a bench is built from; everything has a default. */
export interface BenchOptions {
  readonly profile?: DvProfile;
  readonly knobs?: DvOverrides;
  readonly features?: Partial<Omit<CsrFeatures, 'dv'>>;
}

/** CSRs and trap unit of one hart, without pipeline or memory: the part of a hart that these tests are about. */
export class CsrBench {
  readonly state = new HartState(new ArrayBuffer(HART_STATE_BYTES));
  readonly lines = new InterruptLines();
  readonly rules: DvRules | undefined;
  readonly csrs: CsrFile;
  readonly traps: TrapUnit;
  readonly interrupts: InterruptSelection;
  /** What `mtime` shows. */
  time = 0n;
  /** Cycles of each mechanism of the pipeline. */
  readonly mechanisms = new Map<MechanismEvent, number>();
  /** Everything that writes reported to outdate. */
  readonly effects: CsrEffect[] = [];

  constructor({ profile = 'paper', knobs, features }: BenchOptions = {}) {
    this.rules = resolveDvExt(profile, knobs).rules;
    const all: CsrFeatures = {
      hartId: 3,
      extensions: 'imasuh',
      named: new Set(),
      asidBits: 16,
      vmidBits: this.rules?.vmidBits ?? 14,
      guestInterruptCount: 0,
      pmpEntryCount: 16,
      pmpGrainShift: 12,
      pmpVirtual: this.rules?.['pmc.kind'] === 'ranges',
      vectoredAlignment: this.rules?.vectorAlignment ?? 4,
      hasPostedInterrupts: true,
      ...features,
      dv: this.rules,
    };
    this.csrs = new CsrFile(this.state, all, {
      readTime: () => this.time,
      pendingLines: (): number => this.lines.pending(this.csrs, () => this.time, this.rules),
      guestExternalLines: () => this.lines.guestExternal,
      cyclesOf: (mechanism) => this.mechanisms.get(mechanism) ?? 0,
      onChange: (effects) => this.effects.push(...effects),
    });
    this.traps = new TrapUnit({ state: this.state, csrs: this.csrs, rules: this.rules });
    this.interrupts = new InterruptSelection(this.csrs, this.rules);
    this.mode = 'M';
  }

  get mode(): Mode {
    return this.traps.mode;
  }

  set mode(mode: Mode) {
    this.state.privilege = privilegeOf(mode);
    this.state.virtual = isVirtual(mode);
  }

  /** Value of a CSR by name. */
  read(name: string): bigint {
    return this.csrs.read(csrNamed(name));
  }

  /** Writes CSRs by name, each under its own rules. */
  write(values: Readonly<Record<string, bigint>>): void {
    for (const [name, value] of Object.entries(values)) this.csrs.write(csrNamed(name), value);
  }

  /** A field written `csr.field`. */
  field(path: string): bigint {
    const [name = '', field = ''] = path.split('.');
    return this.csrs.field(csrNamed(name), field);
  }

  /** Writes fields written `csr.field`. */
  setFields(values: Readonly<Record<string, bigint>>): void {
    for (const [path, value] of Object.entries(values)) {
      const [name = '', field = ''] = path.split('.');
      this.csrs.setFields(csrNamed(name), { [field]: value });
    }
  }

  /** The interrupt that the hart would take now. */
  nextInterrupt(): number | undefined {
    return this.interrupts.next(this.mode);
  }

  /** Executes a CSR access in the present mode; a refusal is returned as the cause of its exception. */
  access(
    address: number,
    write: 'none' | 'write' | 'set' | 'clear' = 'none',
    operand = 0n,
  ): bigint | { readonly cause: number; readonly tval: bigint } {
    try {
      return this.csrs.access(address, this.mode, write, operand, 0x1234_5073);
    } catch (signal) {
      if (!(signal instanceof TrapSignal)) throw signal;
      return { cause: signal.cause, tval: signal.tval };
    }
  }

  /** Everything that a trap or an access may change, to compare or put back. */
  snapshot(): { readonly csr: BigUint64Array; readonly mode: Mode; readonly pc: bigint } {
    return { csr: this.state.csr.slice(), mode: this.mode, pc: this.state.pc };
  }

  /** Puts a snapshot back. */
  restore({ csr, mode, pc }: ReturnType<CsrBench['snapshot']>): void {
    this.state.csr.set(csr);
    this.mode = mode;
    this.state.pc = pc;
  }
}

/** A row of the CSR table by its name. */
export function csrNamed(name: string): Csr {
  const csr = csrByName.get(name);
  if (csr === undefined) throw new Error(`no CSR is called ${name}`);
  return csr;
}

/** An exception report without guest details. */
export function exception(cause: number, tval = 0n) {
  return { cause, tval, gva: false, gpa: 0n, tinst: 0n };
}
