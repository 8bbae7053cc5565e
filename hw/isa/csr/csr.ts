import type { Guard } from '../instructions/guard.ts';
import { Privilege } from '../privilege.ts';
import type { SpecReference } from '../spec-reference.ts';
import type { Extension } from '../instructions/selection.ts';
import type { CsrFeatures } from './features.ts';
import type { PerformanceEvent } from './performance-events.ts';

/** What a rule may consult besides the value being written. */
export interface CsrContext {
  readonly features: CsrFeatures;
  /** Stored value of a CSR, without lines that hardware drives. */
  readonly read: (csr: Csr) => bigint;
}

/** Decides what a field holds after a write: takes the proposed and the current value, both shifted down to bit 0. */
export type Legalize = (proposed: bigint, current: bigint, context: CsrContext) => bigint;

/** A rule that keeps the bits of a mask, which follows from what the hart has. */
export interface MaskRule extends Legalize {
  readonly mask: (features: CsrFeatures) => bigint;
}

/** Whether a rule is but a mask. */
export function isMaskRule(rule: unknown): rule is MaskRule {
  return typeof rule === 'function' && 'mask' in rule;
}

/** Write rule of a field: free, unchanged by writes, one of the listed values (else unchanged), or a named function. */
export type WriteRule = 'any' | 'ignored' | readonly bigint[] | Legalize;

/** A field of a CSR: its bits and what a write does to them. Bits of no field read as zero. */
export interface CsrField {
  readonly high: number;
  readonly low: number;
  /** The bits, in their place in the register. */
  readonly mask: bigint;
  readonly write: WriteRule;
}

/** Another register, or part of one, behind an address of its own. */
export interface Alias {
  readonly aliasOf: Csr;
  /** How far the target's bits are moved down in this view. */
  readonly shift?: number;
  /** Bits of the target that the view shows and reaches; hides the others. */
  readonly gate?: (context: CsrContext) => bigint;
  /** Shows only what software stored, not the lines that hardware drives. */
  readonly stored?: boolean;
  /** Bits of this view that are kept apart from the target, in a slot of their own. */
  readonly own?: (features: CsrFeatures) => bigint;
}

/** A hardware counter: its value is what was counted since reset, plus a stored offset. */
export interface Counter {
  /** What it counts, or the CSR that selects that. */
  readonly counts: PerformanceEvent | Csr;
  /** Its bit in `mcountinhibit`. */
  readonly number: number;
}

/** Where a CSR's value is: its own slot, a fixed value, a hardware counter, or another CSR. */
export type Storage = 'own' | 'constant' | Counter | Alias;

/** Values that hardware drives and that a read joins to the stored bits. */
export type LiveSource = 'pending' | 'guestExternal' | 'time';

/** What a change of the CSR can affect, so that a hart drops what it derived from it, or notes that floating-point state changed. */
export type CsrEffect =
  | 'translation'
  | 'protection'
  | 'interrupts'
  | 'timer'
  | 'guestTimerCompare'
  | 'posting'
  | 'floatState';

/** The extension a CSR comes with: `base` is always there. */
type CsrExtension = 'base' | 's' | 'h' | 'pmp' | 'dv';

/** A guard, or the guard that follows from what the hart has. */
export type Access = Guard | ((features: CsrFeatures) => Guard);

/** What is declared of a CSR. */
export interface CsrDefinition<Fields extends Readonly<Record<string, CsrField>>> {
  readonly name: string;
  readonly address: number;
  readonly extension: CsrExtension;
  readonly description: string;
  readonly spec: SpecReference;
  readonly fields: Fields;
  /** `own` unless stated. */
  readonly storage?: Storage;
  /** Value after reset, 0 unless stated. */
  readonly reset?: bigint | ((features: CsrFeatures) => bigint);
  /** Modes that the rule of the address treats differently. */
  readonly access?: Access;
  /** Further refusals that only writes meet. */
  readonly writeAccess?: Access;
  /** The CSR that an access with V=1 reaches instead. */
  readonly virtual?: Csr;
  /** Whether a hart that has the extension has this CSR. */
  readonly present?: (features: CsrFeatures) => boolean;
  /** Rule for the whole register, applied before the fields' rules. */
  readonly legalize?: Legalize;
  readonly live?: LiveSource;
  /** Stored bits that do not show while hardware alone drives them, on a hart with an extension. */
  readonly driven?: {
    readonly extension: Extension;
    readonly bits: (context: CsrContext) => bigint;
  };
  /** What an instruction reads where that is not what is stored. */
  readonly shows?: (stored: bigint, context: CsrContext) => bigint;
  /** Whether a write can stop or start counters, or let them count something else. */
  readonly steersCounters?: boolean;
  /** Whether a set or clear stores lines that it read, where the DV-Ext rules have lines stick. */
  readonly sticky?: boolean;
  readonly affects?: readonly CsrEffect[];
}

/** One control and status register. */
export interface Csr<
  Fields extends Readonly<Record<string, CsrField>> = Readonly<Record<string, CsrField>>,
> extends CsrDefinition<Fields> {
  readonly storage: Storage;
  /** Bits that belong to some field. */
  readonly mask: bigint;
  /** Whether address bits 11:10 make it read-only. */
  readonly isReadOnly: boolean;
}

/** Declares a field by its highest and lowest bit. */
export function bits(high: number, low: number, write: WriteRule): CsrField {
  const mask = ((1n << BigInt(high - low + 1)) - 1n) << BigInt(low);
  return { high, low, mask, write };
}

/** Declares a field of one bit. */
export function bit(position: number, write: WriteRule): CsrField {
  return bits(position, position, write);
}

/** Declares a CSR; field names stay literal types, so that a guard cannot name a field that does not exist. */
export function defineCsr<const Fields extends Readonly<Record<string, CsrField>>>(
  definition: CsrDefinition<Fields>,
): Csr<Fields> {
  let mask = 0n;
  for (const [name, field] of Object.entries(definition.fields)) {
    if ((mask & field.mask) !== 0n || field.high < field.low || field.high > 63) {
      throw new Error(`CSR ${definition.name}: field ${name} is not a free range of bits`);
    }
    mask |= field.mask;
  }
  return {
    ...definition,
    storage: definition.storage ?? 'own',
    mask,
    isReadOnly: definition.address >> 10 === 3,
  };
}

/** Declares a run of like CSRs, one per index from `first`, their addresses `stride` apart. */
export function defineCsrArray<const Fields extends Readonly<Record<string, CsrField>>>(
  run: { address: number; count: number; first?: number; stride?: number },
  define: (index: number, address: number) => CsrDefinition<Fields>,
): readonly Csr<Fields>[] {
  return Array.from({ length: run.count }, (_, step) =>
    defineCsr(define((run.first ?? 0) + step, run.address + step * (run.stride ?? 1))),
  );
}

/** Whether a CSR's storage is a view of another CSR. */
export function isAlias(storage: Storage): storage is Alias {
  return typeof storage === 'object' && 'aliasOf' in storage;
}

/** Whether a CSR's storage is a hardware counter. */
export function isCounter(storage: Storage): storage is Counter {
  return typeof storage === 'object' && 'counts' in storage;
}

/** Whether a CSR keeps bits of its own in the hart's state. */
export function hasSlot(csr: Csr): boolean {
  if (csr.storage === 'own') return true;
  if (csr.storage === 'constant') return false;
  return isAlias(csr.storage) ? csr.storage.own !== undefined : true;
}

const accessByLevel: readonly Guard[] = [
  {},
  { U: 'illegal', VU: 'virtual' },
  { U: 'illegal', VU: 'virtual', VS: 'virtual' },
  { U: 'illegal', VU: 'illegal', VS: 'illegal', HS: 'illegal' },
];

/** Who reaches a CSR: what address bits 9:8 say, refined by the row (priv 2.1, priv 18.6.1). */
export function accessGuard(csr: Csr, features: CsrFeatures): Guard {
  return { ...accessByLevel[(csr.address >> 8) & Privilege.M], ...resolve(csr.access, features) };
}

/** Who may also write it; a mode that is refused here can still read. */
export function writeGuard(csr: Csr, features: CsrFeatures): Guard {
  return resolve(csr.writeAccess, features);
}

function resolve(access: Access | undefined, features: CsrFeatures): Guard {
  return (typeof access === 'function' ? access(features) : access) ?? {};
}

/** Whether a write to the address empties the pipeline: all but the trap scratch registers do (rocket CSR.scala 941). */
export function writeFlushes(address: number): boolean {
  const trapRegister = address | 0x300;
  return trapRegister < 0x340 || trapRegister > 0x343;
}
