import type { Label, Term, Terms } from '../../../wasm/index.ts';
import { mechanismNumber } from '../../mechanisms.ts';
import type { CoreMemoryLayout } from '../core-memory.ts';
import { recentPages } from '../translation-buffer.ts';
import { type DataCacheAnswer, DataCacheCode } from './data-cache-code.ts';
import { InclusiveCacheCode } from './inclusive-cache-code.ts';

const PAGE_SHIFT = 12n;
/** Most ways of a cache that generated code asks one after the other. */
const MOST_WAYS = 32;

/** An access of generated code to main memory, in terms that may be asked for more than once. */
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

/** What became of it. */
export interface CachedAccessAnswer extends DataCacheAnswer {
  /** Whether an access that commits a cycle after it comes again (i32). */
  readonly soils: Term;
}

/** What the caches do about an access that generated code cannot make directly, as code: `MemoryTiming.accessAt`. */
export class CachedAccessCode {
  /** Number of the mechanism that owns the time. */
  readonly leaf = mechanismNumber['data-cache'];
  readonly #layout: CoreMemoryLayout;

  constructor(layout: CoreMemoryLayout) {
    this.#layout = layout;
  }

  /** Whether the caches are of a kind that there is code for. */
  get exists(): boolean {
    const { data, l2 } = this.#layout;
    return Math.max(data.ways, l2.directory.ways) <= MOST_WAYS;
  }

  /** Appends the code. */
  emit(site: CachedAccessSite): CachedAccessAnswer {
    const { terms, hart, time } = site;
    const { i32, op, float, fix } = terms;
    const core = fix('i32', op('i32.mul', hart, i32(this.#layout.stride)));
    const page = this.#findPage(site, core);
    const l2 = new InclusiveCacheCode(terms, this.#layout.l2, hart);
    const data = new DataCacheCode(terms, this.#layout.data, core, l2);
    const answer = data.access(site);
    const { until } = answer;
    terms.if(float('f64.ne', until, time), () => {
      terms.if(op('i32.eqz', site.straddles), () => {
        this.#replay(site, core, until);
      });
      terms.if(site.isTranslated, () => {
        this.#touch(terms, core, page);
      });
    });
    const next = float('f64.add', until, terms.f64(1));
    return { ...answer, soils: data.isBehindFirstWrite(next) };
  }

  /** The record (i32) of the page in the TLB of data, which has been used lately if it is translated. */
  #findPage({ terms, address, isTranslated, isVirtual, miss }: CachedAccessSite, core: Term): Term {
    const { i32, i64, op, float, load, fix, branchIf } = terms;
    const page = fix('i64', op('i64.shr_u', address, i64(PAGE_SHIFT)));
    const low = op('i32.wrap_i64', page);
    const folded = op('i32.xor', low, op('i32.shr_u', low, i32(recentPages.fold)));
    const number = op('i32.and', folded, i32(recentPages.count - 1));
    const bytes = op('i32.mul', number, i32(recentPages.bytes));
    const record = fix('i32', op('i32.add', core, bytes));
    const virtual = op('i64.extend_i32_u', isVirtual);
    const key = op('i64.or', op('i64.shl', page, i64(1n)), virtual);
    const held = load('f64.load', record, this.#layout.translations.recent);
    const isOther = float('f64.ne', held, float('f64.convert_i64_u', key));
    branchIf(miss, op('i32.and', isTranslated, isOther));
    return record;
  }

  /** `FetchStream.replay`. */
  #replay({ terms, packet, time }: CachedAccessSite, core: Term, until: Term): void {
    const [last, since, done] = this.#layout.replayed;
    terms.store('f64.store', core, packet, last);
    terms.store('f64.store', core, time, since);
    terms.store('f64.store', core, until, done);
  }

  /** `TranslationBuffer.finds`, of a page with a record. */
  #touch({ op, load, store }: Terms, core: Term, page: Term): void {
    const { recent, order, largeOrder } = this.#layout.translations;
    const { kept, set, largeKept, largeSet } = recentPages;
    const orders = [
      [order, kept, set],
      [largeOrder, largeKept, largeSet],
    ] as const;
    for (const [bits, keeps, sets] of orders) {
      const old = op(
        'i32.and',
        load('i32.load', core, bits),
        load('i32.load', page, recent + keeps),
      );
      store('i32.store', core, op('i32.or', old, load('i32.load', page, recent + sets)), bits);
    }
  }
}
