import { PAGE_SHIFT } from '../../../isa/index.ts';
import { Code, type Label, type Term, Terms } from '../../../wasm/index.ts';
import { hartStateOffsets } from '../../hart-state.ts';
import { emitLeaf, LEAF_BYTES } from '../book-code.ts';
import { guardedPages } from '../guarded-pages.ts';
import { FILTER_ADDEND, FILTER_ENTRY_BYTES, fillType, filterShapes } from '../line-filter-code.ts';
import {
  CODE_FRAMES,
  CODE_HOSTS,
  COVERED_LINES,
  coveredLine,
  FETCHED_LINES,
  FILTER_HOLDERS,
  FILTER_PAGE,
  filterContext,
  filteredPage,
  LINES_PER_PAGE,
  NOWHERE,
  PAGE_GROUPS,
  STRETCHES,
} from '../line-filter-layout.ts';
import { runOffsets } from '../run-state.ts';
import type { CachedAccess } from './cached-access.ts';

const IN_PAGE = 2 ** PAGE_SHIFT - 1;
const { shift: LINE_SHIFT, entries: LINES } = filterShapes.write;
/** The bytes of a packet, the place in it of an instruction that may begin in it and end in the next, and the low bits of one that does. */
const PACKET_SHIFT = 2;
const IN_PACKET = 3;
const PARCEL = 2;
const LONG = 3;

/** What the function is generated for. */
export interface CachedRefillSettings {
  readonly access: CachedAccess;
  /** Where the bytes of `GuardedPages` are. */
  readonly guards: number;
  /** Number of the hart's own `fill`, which does all that this cannot. */
  readonly miss: number;
}

/**
 * The function of type `fillType` that lets the filter cover an access where caches are modelled: it does what the hart would do
 * (`CachedExecution.fill`) where the page has been accessed before and the line needs nothing but what the L2 has.
 */
export class CachedRefillCode {
  readonly #settings: CachedRefillSettings;
  readonly #code = new Code(fillType.parameters);
  readonly #terms = new Terms(this.#code);
  readonly #hart = this.#terms.get(0);
  readonly #low = this.#terms.get(1);
  readonly #high = this.#terms.get(2);
  readonly #bytes = this.#terms.get(3);
  readonly #isWrite = this.#terms.get(4);
  readonly #spare = this.#terms.get(5);
  readonly #left = this.#terms.get(6);
  readonly #place = this.#terms.get(7);

  constructor(settings: CachedRefillSettings) {
    this.#settings = settings;
  }

  /** The whole function. */
  function(): Code {
    const { i32, op, float, fix, branchIf } = this.#terms;
    const code = this.#code;
    const miss = code.block();
    branchIf(miss, op('i32.and', this.#low, op('i32.sub', this.#bytes, i32(1))));
    const context = fix(
      'i32',
      op('i32.sub', this.#run('readTable'), i32(filterContext.cachedRead)),
    );
    const filter = fix('i32', this.#run('filter'));
    const { info, host, address } = this.#findPage(context, miss);
    const { straddles, packet } = this.#fetched();
    const time = fix('f64', this.#now());
    const { until, place, soils } = this.#settings.access.emit({
      ...{ terms: this.#terms, hart: this.#run('number'), address, isWrite: this.#isWrite },
      isTranslated: bit(this.#terms, info, filteredPage.translated),
      isVirtual: bit(this.#terms, info, filteredPage.virtual),
      line: this.#line(info),
      ...{ packet, straddles, time, miss },
      leave: (left) => {
        this.#uncover(filter, left);
      },
    });
    const waited = fix(
      'i32',
      op('i32.wrap_i64', float('i64.trunc_f64_s', float('f64.sub', until, time))),
    );
    this.#book(waited);
    const owed = fix('i32', op('i32.add', this.#run('owed'), waited));
    this.#terms.if(op('i32.gt_s', owed, this.#spare), () => {
      this.#storeRun('owed', owed);
      this.#terms.return(i32(0));
    });
    this.#cover(filter, context, place, host);
    this.#terms.if(soils, () => {
      this.#storeRun('soiled', op('i32.sub', op('i32.sub', this.#left, owed), i32(1)));
    });
    this.#storeRun('owed', i32(0));
    this.#storeRun('walked', op('i32.add', this.#run('walked'), owed));
    this.#terms.return(op('i32.add', owed, i32(1)));
    code.end();
    this.#terms.call(
      this.#settings.miss,
      ...[this.#hart, this.#low, this.#high, this.#bytes, this.#isWrite, this.#spare],
      ...[this.#left, this.#place],
    )();
    return code;
  }

  /** What is known of the page of the access (`filteredPage`), where the access is in the machine's memory, and its address (i64). */
  #findPage(context: Term, miss: Label): { info: Term; host: Term; address: Term } {
    const { i32, i64, op, load, fix, branchIf } = this.#terms;
    const address = fix(
      'i64',
      op(
        'i64.or',
        op('i64.shl', op('i64.extend_i32_u', this.#high), i64(32n)),
        op('i64.extend_i32_u', this.#low),
      ),
    );
    const group = op('i32.and', op('i32.shr_u', this.#low, i32(PAGE_SHIFT)), i32(PAGE_GROUPS - 1));
    const slot = fix('i32', op('i32.add', context, op('i32.mul', group, i32(FILTER_ENTRY_BYTES))));
    const page = op('i64.and', address, i64(BigInt(~IN_PAGE)));
    const { read } = filterContext;
    branchIf(miss, op('i64.ne', load('i64.load', slot, read), page));
    const info = fix('i32', load('i32.load', slot, read + FILTER_PAGE));
    const need = op('i32.shl', i32(filteredPage.readable), this.#isWrite);
    branchIf(miss, op('i32.eqz', op('i32.and', info, need)));
    const host = fix('i32', op('i32.add', this.#low, load('i32.load', slot, read + FILTER_ADDEND)));
    const number = op('i32.shr_u', host, i32(guardedPages.pageShift));
    const guard = op('i32.and', number, i32(guardedPages.count - 1));
    const isGuarded = load('i32.load8_u', guard, this.#settings.guards);
    branchIf(miss, op('i32.and', isGuarded, this.#isWrite));
    return { info, host, address };
  }

  /** The physical line of the access. */
  #line(info: Term): { number: Term; low: Term } {
    const { i32, f64, op, float, fix } = this.#terms;
    const page = fix('i32', op('i32.and', info, i32(filteredPage.number)));
    const inPage = fix(
      'i32',
      op('i32.and', op('i32.shr_u', this.#low, i32(LINE_SHIFT)), i32(LINES_PER_PAGE - 1)),
    );
    const lines = float('f64.mul', float('f64.convert_i32_s', page), f64(LINES_PER_PAGE));
    return {
      number: fix('f64', float('f64.add', lines, float('f64.convert_i32_s', inPage))),
      low: fix('i32', op('i32.or', op('i32.mul', page, i32(LINES_PER_PAGE)), inPage)),
    };
  }

  /** Where the instruction was fetched: `CachedExecution.fetchedAt`. */
  #fetched(): { straddles: Term; packet: Term } {
    const { i32, f64, op, float, load, fix } = this.#terms;
    const notes = fix('i32', this.#run('fetched'));
    const place = this.#place;
    const host = op('i32.add', load('i32.load', notes, CODE_HOSTS - FETCHED_LINES), place);
    const isLong = op('i32.eq', op('i32.and', load('i32.load16_u', host), i32(LONG)), i32(LONG));
    const isLate = op('i32.eq', op('i32.and', place, i32(IN_PACKET)), i32(PARCEL));
    const straddles = fix('i32', op('i32.and', isLate, isLong));
    const inPage = op('i32.add', op('i32.shr_u', place, i32(PACKET_SHIFT)), straddles);
    const frame = load('f64.load', notes, CODE_FRAMES - FETCHED_LINES);
    const first = float('f64.mul', frame, f64(2 ** -PACKET_SHIFT));
    const packet = fix('f64', float('f64.add', first, float('f64.convert_i32_s', inPage)));
    return { straddles, packet };
  }

  /** The cycle of the hart (f64) in which so many are left. */
  #now(): Term {
    const { op, float, load } = this.#terms;
    const since = op('i32.sub', op('i32.sub', this.#run('begun'), this.#left), this.#run('walked'));
    const cycle = load('f64.load', this.#hart, hartStateOffsets.cycle);
    return float('f64.add', cycle, float('f64.convert_i32_s', since));
  }

  /** `CycleAccount.charge`. */
  #book(waited: Term): void {
    const { i32, float, load, store } = this.#terms;
    const site = { code: this.#code, hart: 0 };
    emitLeaf(site, i32(this.#settings.access.leaf * LEAF_BYTES), waited);
    const before = load('f64.load', this.#hart, hartStateOffsets.cycle);
    const after = float('f64.add', before, float('f64.convert_i32_s', waited));
    store('f64.store', this.#hart, after, hartStateOffsets.cycle);
  }

  /** `CachedLines.cover`. */
  #cover(filter: Term, context: Term, place: Term, host: Term): void {
    const { i32, op, load, fix, select, set, get, store } = this.#terms;
    const { write, cachedRead, stretches, written } = filterContext;
    const line = fix('i32', op('i32.shr_u', this.#low, i32(LINE_SHIFT)));
    const index = op('i32.mul', op('i32.and', line, i32(LINES - 1)), i32(FILTER_ENTRY_BYTES));
    const table = op('i32.add', context, select(this.#isWrite, i32(write), i32(cachedRead)));
    const slot = fix('i32', op('i32.add', table, index));
    const kind = op('i32.mul', this.#isWrite, i32(coveredLine.write));
    const covered = fix('i32', op('i32.add', this.#covered(filter, place), kind));
    const known = this.#code.scratch('cover.known', 'i32');
    set(known, load('i32.load', covered, COVERED_LINES));
    const isOther = op('i32.and', op('i32.ne', get(known), i32(0)), op('i32.ne', get(known), slot));
    this.#terms.if(isOther, () => {
      this.#dropEntry(
        get(known),
        load('i32.load', op('i32.sub', covered, kind), COVERED_LINES + coveredLine.host),
      );
    });
    store('i32.store', covered, slot, COVERED_LINES);
    store('i32.store', op('i32.sub', covered, kind), host, COVERED_LINES + coveredLine.host);
    const low = fix('i32', op('i32.and', this.#low, i32(-(2 ** LINE_SHIFT))));
    store('i32.store', slot, low);
    store('i32.store', slot, this.#high, 4);
    store('i32.store', slot, op('i32.sub', host, this.#low), FILTER_ADDEND);
    const stretch = op(
      'i32.shl',
      i32(1),
      op('i32.and', op('i32.shr_u', line, i32(Math.log2(LINES_PER_PAGE))), i32(STRETCHES - 1)),
    );
    store(
      'i32.store',
      context,
      op('i32.or', load('i32.load', context, stretches), stretch),
      stretches,
    );
    const group = fix(
      'i32',
      op('i32.and', op('i32.shr_u', this.#low, i32(PAGE_SHIFT)), i32(PAGE_GROUPS - 1)),
    );
    store('i32.store8', op('i32.add', context, group), i32(1), written);
    const holders = op('i32.add', filter, group);
    const number = op('i32.div_u', op('i32.sub', context, filter), i32(filterContext.bytes));
    const held = op(
      'i32.or',
      load('i32.load8_u', holders, FILTER_HOLDERS),
      op('i32.shl', i32(1), number),
    );
    store('i32.store8', holders, held, FILTER_HOLDERS);
  }

  /** `CachedLines.uncover`. */
  #uncover(filter: Term, place: Term): void {
    const { i32, load, fix, set, get, store } = this.#terms;
    const covered = fix('i32', this.#covered(filter, place));
    const host = fix('i32', load('i32.load', covered, COVERED_LINES + coveredLine.host));
    const entry = this.#code.scratch('uncover.entry', 'i32');
    for (const kind of [coveredLine.read, coveredLine.write]) {
      set(entry, load('i32.load', covered, COVERED_LINES + kind));
      this.#terms.if(get(entry), () => {
        this.#dropEntry(get(entry), host);
        store('i32.store', covered, i32(0), COVERED_LINES + kind);
      });
    }
  }

  /** `LineFilter.dropEntry`. */
  #dropEntry(entry: Term, host: Term): void {
    const { i32, op, load, store } = this.#terms;
    const low = load('i32.load', entry);
    const held = op('i32.add', low, load('i32.load', entry, FILTER_ADDEND));
    const isThat = op(
      'i32.eq',
      op('i32.shr_u', held, i32(LINE_SHIFT)),
      op('i32.shr_u', host, i32(LINE_SHIFT)),
    );
    const isTaken = op('i32.ne', low, i32(NOWHERE));
    this.#terms.if(op('i32.and', isThat, isTaken), () => {
      store('i32.store', entry, i32(NOWHERE));
    });
  }

  #covered(filter: Term, place: Term): Term {
    const { i32, op } = this.#terms;
    return op('i32.add', filter, op('i32.mul', place, i32(coveredLine.bytes)));
  }

  #run(word: keyof typeof runOffsets): Term {
    return this.#terms.load('i32.load', this.#hart, runOffsets[word]);
  }

  #storeRun(word: keyof typeof runOffsets, value: Term): void {
    this.#terms.store('i32.store', this.#hart, value, runOffsets[word]);
  }
}

/** Whether a bit of a word is set (i32). */
function bit({ op, i32 }: Terms, word: Term, mask: number): Term {
  return op('i32.and', op('i32.shr_u', word, i32(31 - Math.clz32(mask))), i32(1));
}
