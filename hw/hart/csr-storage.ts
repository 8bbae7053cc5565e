import {
  accessGuard,
  csrs,
  csrSlots,
  hasExtension,
  isAlias,
  isCounter,
  isMaskRule,
  writeGuard,
} from '../isa/index.ts';
import type {
  Alias,
  Counter,
  Csr,
  CsrContext,
  CsrEffect,
  CsrField,
  CsrFeatures,
  Guard,
  Legalize,
} from '../isa/index.ts';

/** A view resolved for one hart. */
interface ResolvedAlias {
  readonly target: StoredCsr;
  readonly shift: bigint;
  readonly gate: ((context: CsrContext) => bigint) | undefined;
  readonly hidesLines: boolean;
  /** Bits that the view keeps in a slot of its own. */
  readonly own: bigint;
  /** Bits of the target that a write reaches while no gate hides them. */
  readonly reached: bigint;
}

/** One CSR of one hart: where its value is and what a write makes of it. */
export interface StoredCsr {
  readonly csr: Csr;
  readonly slot: number | undefined;
  /** Value after reset, and always where there is no slot. */
  readonly reset: bigint;
  readonly counter: Counter | undefined;
  readonly alias: ResolvedAlias | undefined;
  /** Stored bits that do not show because hardware drives them. */
  readonly driven: ((context: CsrContext) => bigint) | undefined;
  /** The slot holds the value, all of it: nothing has to be joined to read it. */
  readonly isPlain: boolean;
  /** What an instruction reads is what the slot holds. */
  readonly isShown: boolean;
  /** The slot takes the bits `free` of what is written to it, whatever it held, and no other part of the hart is asked. */
  readonly isMemory: boolean;
  /** Bits that a write sets to what it says. */
  readonly free: bigint;
  /** Bits that no write changes. */
  readonly fixed: bigint;
  /** Fields whose rule has to be asked, and their bits. */
  readonly ruled: readonly CsrField[];
  readonly restricted: bigint;
  readonly legalize: Legalize | undefined;
  readonly effects: readonly CsrEffect[];
}

/** Whether a hart has a CSR. */
export function isPresent(csr: Csr, features: CsrFeatures): boolean {
  const hasIt = {
    base: true,
    s: hasExtension(features, 's'),
    h: hasExtension(features, 'h'),
    pmp: features.pmpEntryCount > 0,
    dv: features.dv !== undefined,
  }[csr.extension];
  return hasIt && (csr.present?.(features) ?? true);
}

/** The CSRs of one hart by address. */
export interface ResolvedCsrs {
  /** Those that it lacks too, since other rules may consult them. */
  readonly stored: readonly (StoredCsr | undefined)[];
  /** Those that it has, with who may reach and who may write them. */
  readonly present: readonly PresentCsr[];
}

/** A CSR that a hart has. */
interface PresentCsr {
  readonly csr: Csr;
  readonly guard: Guard;
  readonly writeGuard: Guard;
}

/** What was resolved already, by the features: machines mostly have harts alike. */
const resolved = new Map<string, ResolvedCsrs>();
const MOST_RESOLVED = 32;

/** Resolves every CSR for a hart. */
export function resolveCsrs(features: CsrFeatures): ResolvedCsrs {
  const key = JSON.stringify({ ...features, named: [...features.named] });
  let known = resolved.get(key);
  if (known === undefined) {
    if (resolved.size >= MOST_RESOLVED) resolved.clear();
    known = { stored: storedCsrs(features), present: presentCsrs(features) };
    resolved.set(key, known);
  }
  return known;
}

function presentCsrs(features: CsrFeatures): readonly PresentCsr[] {
  return csrs
    .filter((csr) => isPresent(csr, features))
    .map((csr) => {
      return { csr, guard: accessGuard(csr, features), writeGuard: writeGuard(csr, features) };
    });
}

function storedCsrs(features: CsrFeatures): readonly (StoredCsr | undefined)[] {
  const byAddress: (StoredCsr | undefined)[] = Array.from({ length: 4096 }, () => undefined);
  const resolve = (csr: Csr): StoredCsr =>
    (byAddress[csr.address] ??= resolveCsr(csr, features, resolve));
  for (const csr of csrs) resolve(csr);
  return byAddress;
}

function resolveCsr(csr: Csr, features: CsrFeatures, resolve: (csr: Csr) => StoredCsr): StoredCsr {
  const { storage, reset = 0n } = csr;
  const alias = isAlias(storage) ? resolveAlias(csr, storage, features, resolve) : undefined;
  const isPlain = storage === 'own';
  const rules = rulesOf(csr, features);
  const isSimple = rules.ruled.length === 0 && rules.fixed === 0n && rules.legalize === undefined;
  return {
    csr,
    slot: csrSlots.get(csr),
    reset: typeof reset === 'function' ? reset(features) : reset,
    counter: isCounter(storage) ? storage : undefined,
    alias,
    driven:
      csr.driven !== undefined && features.named.has(csr.driven.extension)
        ? csr.driven.bits
        : undefined,
    isPlain,
    isShown: isPlain && csr.live === undefined && csr.shows === undefined,
    isMemory: isPlain && isSimple && csr.steersCounters !== true,
    ...rules,
    effects: [...new Set([...(csr.affects ?? []), ...(alias?.target.effects ?? [])])],
  };
}

function resolveAlias(
  { mask }: Csr,
  { aliasOf, shift = 0, gate, stored, own: ownBits }: Alias,
  features: CsrFeatures,
  resolve: (csr: Csr) => StoredCsr,
): ResolvedAlias {
  const own = (ownBits?.(features) ?? 0n) & mask;
  return {
    target: resolve(aliasOf),
    shift: BigInt(shift),
    gate,
    hidesLines: stored === true,
    own,
    reached: (mask & ~own) << BigInt(shift),
  };
}

/** Bits of a slot. */
export interface Place {
  readonly slot: number;
  readonly shown: bigint;
}

const WORD = (1n << 64n) - 1n;

/** Where all of a CSR's value is, with the lines that hardware drives or without, if that is one place. */
export function placeOf(
  { csr, slot, alias, isPlain }: StoredCsr,
  withLines: boolean,
): Place | undefined {
  if (isPlain && slot !== undefined && !(withLines && csr.live !== undefined)) {
    return { slot, shown: WORD };
  }
  if (alias === undefined || alias.gate !== undefined || alias.shift !== 0n) return undefined;
  const { own, target, hidesLines } = alias;
  if (slot !== undefined && (csr.mask & ~own) === 0n) return { slot, shown: csr.mask };
  const place = own === 0n ? placeOf(target, withLines && !hidesLines) : undefined;
  return place && { slot: place.slot, shown: place.shown & csr.mask };
}

/** What writes do to the bits of a CSR: rules that are masks are joined to the free bits. */
function rulesOf(
  { fields, legalize }: Csr,
  features: CsrFeatures,
): Pick<StoredCsr, 'free' | 'fixed' | 'ruled' | 'restricted' | 'legalize'> {
  const list = Object.values(fields);
  const ruled = list.filter(({ write }) => typeof write !== 'string' && !isMaskRule(write));
  const fixed = unionOf(list.filter(({ write }) => write === 'ignored'));
  const free = list.reduce((bits, { write, mask, low }) => {
    if (write === 'any') return bits | mask;
    return isMaskRule(write) ? bits | ((write.mask(features) << BigInt(low)) & mask) : bits;
  }, 0n);
  const restricted = unionOf(ruled);
  if (ruled.length > 0 || !isMaskRule(legalize)) {
    return { free, fixed, ruled, restricted, legalize };
  }
  return { free: free & legalize.mask(features), fixed, ruled, restricted, legalize: undefined };
}

function unionOf(fields: readonly CsrField[]): bigint {
  return fields.reduce((mask, field) => mask | field.mask, 0n);
}

/** What a CSR that holds `current` holds after `written` is written to it. */
export function legalized(
  { free, fixed, ruled, restricted, legalize }: StoredCsr,
  written: bigint,
  current: bigint,
  context: CsrContext,
): bigint {
  const proposed = legalize === undefined ? written : legalize(written, current, context);
  let word = proposed & free;
  if (fixed !== 0n) word |= current & fixed;
  // Most writes to a status register leave its restricted fields alone, and what is held is legal.
  if (ruled.length === 0) return word;
  if (((proposed ^ current) & restricted) === 0n) return word | (current & restricted);
  for (const field of ruled) word |= applyRule(field, proposed, current, context);
  return word;
}

function applyRule(
  { write, mask, low }: CsrField,
  proposed: bigint,
  current: bigint,
  context: CsrContext,
): bigint {
  const shift = BigInt(low);
  const wanted = (proposed & mask) >> shift;
  const held = (current & mask) >> shift;
  if (typeof write === 'function') return (write(wanted, held, context) << shift) & mask;
  return (typeof write !== 'string' && write.includes(wanted) ? wanted : held) << shift;
}
