import { csrSlots, hasExtension, isAlias } from '../isa/index.ts';
import type { Csr, CsrContext, CsrEffect, CsrField, CsrFeatures, Legalize } from '../isa/index.ts';

/** A view resolved for one hart. */
interface ResolvedAlias {
  readonly target: Csr;
  readonly shift: bigint;
  readonly gate: ((context: CsrContext) => bigint) | undefined;
  readonly hidesLines: boolean;
  /** Bits that the view keeps in a slot of its own. */
  readonly own: bigint;
}

/** Where one CSR of one hart keeps its value. */
export interface ResolvedStorage {
  readonly slot: number | undefined;
  readonly reset: bigint;
  readonly counter: 'cycle' | 'instret' | undefined;
  readonly alias: ResolvedAlias | undefined;
  readonly effects: readonly CsrEffect[];
}

/** One CSR of one hart: where its value is and what a write makes of it. */
export interface StoredCsr extends ResolvedStorage {
  readonly legalize: Legalize;
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

/** Resolves where a CSR's value is on a hart. */
export function compileStorage(csr: Csr, features: CsrFeatures): ResolvedStorage {
  const { storage, reset = 0n } = csr;
  const effects = new Set(csr.affects);
  if (isAlias(storage)) {
    for (const effect of compileStorage(storage.aliasOf, features).effects) effects.add(effect);
  }
  return {
    slot: csrSlots.get(csr),
    reset: typeof reset === 'function' ? reset(features) : reset,
    counter: typeof storage === 'object' && 'counter' in storage ? storage.counter : undefined,
    alias: isAlias(storage)
      ? {
          target: storage.aliasOf,
          shift: BigInt(storage.shift ?? 0),
          gate: storage.gate,
          hidesLines: storage.stored === true,
          own: (storage.own?.(features) ?? 0n) & csr.mask,
        }
      : undefined,
    effects: [...effects],
  };
}

/** Turns the write rules of a CSR's fields into one function of the whole word. */
export function compileWriteRule(csr: Csr): { readonly legalize: Legalize } {
  let free = 0n;
  let fixed = 0n;
  const ruled: CsrField[] = [];
  for (const field of Object.values(csr.fields)) {
    if (field.write === 'any') free |= field.mask;
    else if (field.write === 'ignored') fixed |= field.mask;
    else ruled.push(field);
  }
  return {
    legalize: (written, current, context) => {
      const proposed = csr.legalize?.(written, current, context) ?? written;
      let word = (proposed & free) | (current & fixed);
      for (const field of ruled) word |= applyRule(field, proposed, current, context);
      return word;
    },
  };
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
