import type { Label, Term, Terms } from '../../../wasm/index.ts';

/** An access of generated code to main memory which the filter does not cover, in terms that may be asked for more than once. */
export interface CachedAccessSite {
  readonly terms: Terms;
  /** Number of the hart (i32). */
  readonly hart: Term;
  /** The virtual address (i64). */
  readonly address: Term;
  /** Whether that is translated, and a guest's (i32). */
  readonly isTranslated: Term;
  readonly isVirtual: Term;
  /** The physical line (f64), and the low bits of its number (i32). */
  readonly line: { readonly number: Term; readonly low: Term };
  /** i32. */
  readonly isWrite: Term;
  /** The last packet of the instruction (f64), and whether it begins in the one before (i32). */
  readonly packet: Term;
  readonly straddles: Term;
  /** When the instruction would commit (f64). */
  readonly time: Term;
  /** Goes elsewhere, before anything has changed. */
  readonly miss: Label;
  /** Appends code for a place of the data cache (i32) whose line makes room for another. */
  readonly leave: (place: Term) => void;
}

/** What the caches of a machine do about accesses, as code. */
export interface CachedAccess {
  /** Number of the mechanism that owns the time. */
  readonly leaf: number;
  /**
   * Appends the code for an access: when its instruction commits (f64), where its line is in the data cache (i32), and whether an access that
   * commits a cycle later comes again (i32).
   */
  emit(site: CachedAccessSite): {
    readonly until: Term;
    readonly place: Term;
    readonly soils: Term;
  };
}
