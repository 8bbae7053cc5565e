import { Code, type Term, Terms } from '../../wasm/index.ts';
import { FILTER_ENTRY_BYTES, filterShapes } from './line-filter-code.ts';
import {
  FILTER_HOLDERS,
  filterContext,
  LINES_PER_PAGE,
  NOWHERE,
  PAGE_GROUPS,
} from './line-filter-layout.ts';

const { shift: LINE_SHIFT, entries: LINES } = filterShapes.write;
const LINE_BYTES = 2 ** LINE_SHIFT;
const PAGE_SHIFT = filterShapes.read.shift;

/** The function (filter, address of a page as i64) that forgets the page in every context, as `LineFilter.dropPage` does. */
export function dropPageCode(): Code {
  return new DropPageCode().function();
}

class DropPageCode {
  readonly #code = new Code(['i32', 'i64']);
  readonly #terms = new Terms(this.#code);
  readonly #filter = this.#terms.get(0);
  readonly #page = this.#terms.get(1);
  /** Contexts that are still to be looked at, and those that keep something of the group. */
  readonly #rest = this.#code.local('i32');
  readonly #left = this.#code.local('i32');
  readonly #slot = this.#code.local('i32');
  readonly #isEmpty = this.#code.local('i32');
  readonly #hasLines = this.#code.local('i32');
  readonly #line = this.#code.local('i32');

  function(): Code {
    const { get, i32, op, load, fix, set, store, branchIf } = this.#terms;
    const code = this.#code;
    const [rest, left, isEmpty] = [get(this.#rest), get(this.#left), get(this.#isEmpty)];
    const group = fix('i32', this.#groupOf(op('i32.wrap_i64', this.#page)));
    const holders = op('i32.add', this.#filter, group);
    set(this.#rest, load('i32.load8_u', holders, FILTER_HOLDERS));
    const nobody = code.block();
    branchIf(nobody, op('i32.eqz', rest));
    const next = code.loop();
    const number = op('i32.ctz', rest);
    const context = fix(
      'i32',
      op('i32.add', this.#filter, op('i32.mul', number, i32(filterContext.bytes))),
    );
    set(this.#isEmpty, i32(1));
    for (const table of [filterContext.read, filterContext.fetch]) {
      const place = op('i32.mul', group, i32(FILTER_ENTRY_BYTES));
      set(this.#slot, op('i32.add', op('i32.add', context, i32(table)), place));
      this.#drop(this.#page, () => {
        set(this.#isEmpty, op('i32.and', isEmpty, op('i32.eq', this.#held(), i32(NOWHERE))));
      });
    }
    this.#dropLines(context, group);
    const bit = op('i32.and', rest, op('i32.sub', i32(0), rest));
    set(this.#left, op('i32.or', left, op('i32.and', op('i32.sub', isEmpty, i32(1)), bit)));
    set(this.#rest, op('i32.and', rest, op('i32.sub', rest, i32(1))));
    branchIf(next, rest);
    code.end();
    store('i32.store8', holders, left, FILTER_HOLDERS);
    code.end();
    code.i32(0);
    return code;
  }

  /** Forgets the lines of the page; a context keeps those of other pages of the group. */
  #dropLines(context: Term, group: Term): void {
    const { get, i32, op, load, set, store, branchIf } = this.#terms;
    const [line, hasLines] = [get(this.#line), get(this.#hasLines)];
    const written = op('i32.add', context, group);
    this.#terms.if(load('i32.load8_u', written, filterContext.written), () => {
      set(this.#line, i32(0));
      set(this.#hasLines, i32(0));
      const again = this.#code.loop();
      const address = op(
        'i64.add',
        this.#page,
        op('i64.extend_i32_u', op('i32.mul', line, i32(LINE_BYTES))),
      );
      const index = op(
        'i32.and',
        op('i32.shr_u', op('i32.wrap_i64', address), i32(LINE_SHIFT)),
        i32(LINES - 1),
      );
      const place = op('i32.mul', index, i32(FILTER_ENTRY_BYTES));
      set(this.#slot, op('i32.add', op('i32.add', context, i32(filterContext.write)), place));
      this.#drop(address, () => {
        const isTaken = op('i32.ne', this.#held(), i32(NOWHERE));
        const isOfGroup = op('i32.eq', this.#groupOf(this.#held()), group);
        set(this.#hasLines, op('i32.or', hasLines, op('i32.and', isTaken, isOfGroup)));
      });
      set(this.#line, op('i32.add', line, i32(1)));
      branchIf(again, op('i32.lt_u', line, i32(LINES_PER_PAGE)));
      this.#code.end();
      store('i32.store8', written, hasLines, filterContext.written);
      const isEmpty = get(this.#isEmpty);
      set(this.#isEmpty, op('i32.and', isEmpty, op('i32.eqz', hasLines)));
    });
  }

  /** Forgets what the slot holds if it begins at an address. */
  #drop(address: Term, otherwise: () => void): void {
    const { get, i32, op, load, store } = this.#terms;
    const slot = get(this.#slot);
    this.#terms.if(
      op('i64.eq', load('i64.load', slot), address),
      () => {
        store('i32.store', slot, i32(NOWHERE));
      },
      otherwise,
    );
  }

  #held(): Term {
    const { get, load } = this.#terms;
    return load('i32.load', get(this.#slot));
  }

  #groupOf(low: Term): Term {
    const { i32, op } = this.#terms;
    return op('i32.and', op('i32.shr_u', low, i32(PAGE_SHIFT)), i32(PAGE_GROUPS - 1));
  }
}
