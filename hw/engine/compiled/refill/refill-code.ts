import { PAGE_SHIFT } from '../../../isa/index.ts';
import { Code, type Label, type Term, Terms } from '../../../wasm/index.ts';
import { hartStateOffsets } from '../../hart-state.ts';
import { emitLeaf } from '../book-code.ts';
import { FILTER_ADDEND, FILTER_ENTRY_BYTES, fillType, filterShapes } from '../line-filter-code.ts';
import { FILTER_HOLDERS, filterContext, PAGE_GROUPS } from '../line-filter-layout.ts';
import { runOffsets } from '../run-state.ts';
import { regimeRecord } from './regime-record.ts';
import {
  COST_SHIFT,
  PATH_PAGE_BITS,
  TLB_SETS,
  TLB_WAY_SHIFT,
  tlbEntry,
  tlbFlag,
  tlbKey,
  tlbLeaves,
  translationOffsets,
  walkCost,
} from './translation-layout.ts';
import { WalkCode } from './walk-code.ts';

/** Numbers of the functions that the code calls. */
export interface RefillNumbers {
  /** The hart's own `fill`, which does all that this cannot. */
  readonly miss: number;
  readonly findEntry: number;
  readonly findPath: number;
  readonly dropPage: number;
}

const IN_PAGE = 2 ** PAGE_SHIFT - 1;

/**
 * The function of type `fillType` that lets the filter cover an access: it does what the hart's translation unit would do, where
 * that is to find an entry of the TLB or to walk a known path, and leaves everything else to the unit.
 */
export class RefillCode {
  readonly #numbers: RefillNumbers;
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
  readonly #index = this.#code.local('i32');
  readonly #memoryOffset = this.#code.local('i32');

  constructor(numbers: RefillNumbers) {
    this.#numbers = numbers;
  }

  /** The whole function. */
  function(): Code {
    const { get, i32, i64, op, float, load, fix, set, branchIf } = this.#terms;
    const code = this.#code;
    const miss = code.block();
    branchIf(miss, op('i32.and', this.#low, op('i32.sub', this.#bytes, i32(1))));
    const context = fix('i32', this.#run('readTable'));
    const record = fix('i32', op('i32.add', context, i32(filterContext.record)));
    branchIf(miss, op('i32.eqz', load('i32.load', record, regimeRecord.isArmed)));
    const unit = fix('i32', this.#run('translation'));
    const { readNeed, writeNeed } = translationOffsets;
    const need = fix(
      'i32',
      this.#terms.select(
        this.#isWrite,
        load('i32.load', unit, writeNeed),
        load('i32.load', unit, readNeed),
      ),
    );
    const address = op(
      'i64.or',
      op('i64.shl', op('i64.extend_i32_u', this.#high), i64(32n)),
      op('i64.extend_i32_u', this.#low),
    );
    const fullPage = fix('i64', op('i64.shr_u', address, i64(BigInt(PAGE_SHIFT))));
    const pageNumber = fix('f64', float('f64.convert_i64_u', fullPage));
    const page = fix('i32', op('i32.wrap_i64', fullPage));
    const index = get(this.#index);
    const find = (tag: number, mix: number): void => {
      const set = tlbSetTerm(this.#terms, page, load('i32.load', record, mix));
      const label = load('f64.load', record, tag);
      this.#terms.set(
        this.#index,
        this.#terms.call(this.#numbers.findEntry, unit, set, pageNumber, label),
      );
    };
    find(regimeRecord.tag, regimeRecord.mix);
    const isUnknown = op('i32.lt_s', index, i32(0));
    const mayBeGlobal = load('i32.load', unit, translationOffsets.hasGlobal);
    this.#terms.if(op('i32.and', isUnknown, mayBeGlobal), () => {
      find(regimeRecord.globalTag, regimeRecord.globalMix);
    });
    this.#terms.if(
      isUnknown,
      () => {
        this.#walk(miss, record, unit, need, fullPage, pageNumber);
      },
      () => {
        const entry = fix('i32', entryTerm(this.#terms, unit, index));
        const { allowed, permissionCode, protection, memoryOffset } = tlbEntry;
        branchIf(miss, op('i32.eqz', op('i32.and', load('i32.load', entry, allowed), need)));
        for (const [held, now] of [
          [permissionCode, regimeRecord.permissionCode],
          [protection, regimeRecord.protection],
        ] as const) {
          branchIf(
            miss,
            op('i32.ne', load('i32.load', entry, held), load('i32.load', record, now)),
          );
        }
        set(this.#memoryOffset, load('i32.load', entry, memoryOffset));
        branchIf(miss, op('i32.eq', get(this.#memoryOffset), i32(-1)));
      },
    );
    // A line with code or a reservation may not be covered: the unit knows.
    branchIf(miss, this.#isWrite);
    this.#cover(context);
    code.end();
    const { miss: unitFill } = this.#numbers;
    this.#terms.call(
      unitFill,
      ...[this.#hart, this.#low, this.#high, this.#bytes, this.#isWrite, this.#spare],
      ...[this.#left, this.#place],
    )();
    return code;
  }

  /** Lets the read table cover the page, and returns with the time that was owed for it. */
  #cover(context: Term): void {
    const { get, i32, op, load, fix, store } = this.#terms;
    const owed = fix('i32', this.#run('owed'));
    this.#terms.if(op('i32.gt_s', owed, this.#spare), () => {
      this.#terms.return(i32(0));
    });
    const group = fix('i32', groupTerm(this.#terms, this.#low));
    const slot = fix('i32', op('i32.add', context, op('i32.mul', group, i32(FILTER_ENTRY_BYTES))));
    const low = fix('i32', op('i32.and', this.#low, i32(~IN_PAGE)));
    store('i32.store', slot, low);
    store('i32.store', slot, this.#high, 4);
    store('i32.store', slot, op('i32.sub', get(this.#memoryOffset), low), FILTER_ADDEND);
    const filter = fix('i32', this.#run('filter'));
    const holders = op('i32.add', filter, group);
    const number = op('i32.div_u', op('i32.sub', context, filter), i32(filterContext.bytes));
    const bits = op(
      'i32.or',
      load('i32.load8_u', holders, FILTER_HOLDERS),
      op('i32.shl', i32(1), number),
    );
    store('i32.store8', holders, bits, FILTER_HOLDERS);
    this.#storeRun('owed', i32(0));
    this.#storeRun('walked', op('i32.add', this.#run('walked'), owed));
    this.#terms.return(op('i32.add', owed, i32(1)));
  }

  /** Walks to a page that is not in the TLB, and puts it there. */
  #walk(miss: Label, record: Term, unit: Term, need: Term, fullPage: Term, pageNumber: Term): void {
    const { i32, i64, op, load, fix, branchIf } = this.#terms;
    const above = op('i64.shr_u', fullPage, i64(BigInt(PATH_PAGE_BITS)));
    branchIf(miss, op('i64.ne', above, i64(0n)));
    const page = fix('i32', op('i32.wrap_i64', fullPage));
    const walk = new WalkCode(this.#terms, this.#numbers.findPath, { miss, record, unit });
    walk.descend(page);
    const { firstPage, pageCount, granted, offset } = regimeRecord;
    const inStretch = fix(
      'i32',
      op('i32.sub', walk.physicalPage, load('i32.load', record, firstPage)),
    );
    branchIf(miss, op('i32.ge_u', inStretch, load('i32.load', record, pageCount)));
    const needs = fix('i32', op('i32.and', walk.needs, load('i32.load', record, granted)));
    branchIf(miss, op('i32.eqz', op('i32.and', needs, need)));
    this.#terms.set(
      this.#memoryOffset,
      op('i32.add', load('i32.load', record, offset), op('i32.shl', inStretch, i32(PAGE_SHIFT))),
    );
    this.#claim(miss, record, unit, page, pageNumber, walk);
    this.#hold(record, unit, needs, walk);
    this.#book(unit, walk);
  }

  /** Makes room for the page: `Tlb.freshPlaceFor` and `Tlb.claim`. */
  #claim(
    miss: Label,
    record: Term,
    unit: Term,
    page: Term,
    pageNumber: Term,
    walk: WalkCode,
  ): void {
    const { get, i32, i64, op, float, load, fix, set, store, branchIf, select } = this.#terms;
    const { nextWays, keys, hasGlobal } = translationOffsets;
    const mix = select(
      walk.isGlobal,
      load('i32.load', record, regimeRecord.globalMix),
      load('i32.load', record, regimeRecord.mix),
    );
    const setNumber = fix('i32', tlbSetTerm(this.#terms, page, mix));
    const nextWay = op('i32.add', unit, setNumber);
    const way = fix('i32', load('i32.load8_u', nextWay, nextWays));
    set(this.#index, op('i32.add', op('i32.shl', setNumber, i32(TLB_WAY_SHIFT)), way));
    const key = fix('i32', op('i32.add', unit, op('i32.mul', get(this.#index), i32(tlbKey.bytes))));
    const held = load('f64.load', key, keys + tlbKey.page);
    this.#terms.if(float('f64.ge', held, float('f64.convert_i32_s', i32(0))), () => {
      const heldAddress = fix(
        'i64',
        op('i64.shl', float('i64.trunc_f64_u', held), i64(BigInt(PAGE_SHIFT))),
      );
      // Generated code that runs looks at the address of its page when it enters it.
      const group = groupTerm(this.#terms, op('i32.wrap_i64', heldAddress));
      const place = op('i32.mul', group, i32(FILTER_ENTRY_BYTES));
      const fetched = load('i64.load', op('i32.add', this.#run('fetchTable'), place));
      branchIf(miss, op('i64.eq', fetched, heldAddress));
      this.#terms.call(this.#numbers.dropPage, this.#run('filter'), heldAddress)();
      this.#code.drop();
    });
    const nextOne = op('i32.and', op('i32.add', way, i32(1)), i32(2 ** TLB_WAY_SHIFT - 1));
    store('i32.store8', nextWay, nextOne, nextWays);
    store('f64.store', key, pageNumber, keys + tlbKey.page);
    const tag = select(
      walk.isGlobal,
      load('f64.load', record, regimeRecord.globalTag),
      load('f64.load', record, regimeRecord.tag),
    );
    store('f64.store', key, tag, keys + tlbKey.tag);
    const isAnyGlobal = op('i32.or', load('i32.load', unit, hasGlobal), walk.isGlobal);
    store('i32.store', unit, isAnyGlobal, hasGlobal);
  }

  /** Fills the entry: `TlbEntry.hold`, `TlbEntry.allow` and `Tlb.dependOn`. */
  #hold(record: Term, unit: Term, needs: Term, walk: WalkCode): void {
    const { get, i32, op, float, load, fix, store } = this.#terms;
    const entry = fix('i32', entryTerm(this.#terms, unit, get(this.#index)));
    const numbers = {
      physicalPage: walk.physicalPage,
      guestPage: walk.guestPage,
    } as const;
    for (const name of ['physicalPage', 'guestPage'] as const) {
      store('f64.store', entry, float('f64.convert_i32_s', numbers[name]), tlbEntry[name]);
    }
    const words = {
      memoryOffset: get(this.#memoryOffset),
      allowed: needs,
      permissionCode: load('i32.load', record, regimeRecord.permissionCode),
      protection: load('i32.load', record, regimeRecord.protection),
      asid: load('i32.load', record, regimeRecord.asid),
      vmid: load('i32.load', record, regimeRecord.vmid),
      stage1Bits: walk.stage1Bits,
      stage2Bits: walk.stage2Bits,
      stage1Shift: walk.stage1Shift,
      leafCount: walk.leafCount,
      flags: op(
        'i32.or',
        load('i32.load', record, regimeRecord.flags),
        op('i32.mul', walk.isGlobal, i32(tlbFlag.global)),
      ),
    } as const;
    for (const name of Object.keys(words) as (keyof typeof words)[]) {
      store('i32.store', entry, words[name], tlbEntry[name]);
    }
    const leaves = fix(
      'i32',
      op('i32.add', unit, op('i32.mul', get(this.#index), i32(tlbLeaves.bytes))),
    );
    walk.copyLeaves(leaves, translationOffsets.leaves);
  }

  /** Lets pass what the walk takes, as `CycleAccount.charge` does. */
  #book(unit: Term, walk: WalkCode): void {
    const { i32, op, float, load, fix, store } = this.#terms;
    const number = op(
      'i32.add',
      op('i32.shl', walk.stage1Reads, i32(COST_SHIFT)),
      walk.stage2Reads,
    );
    const cost = fix('i32', op('i32.add', unit, op('i32.mul', number, i32(walkCost.bytes))));
    const site = { code: this.#code, hart: 0 };
    const { costs } = translationOffsets;
    const cycles = (['stage1', 'stage2'] as const).map((stage) => {
      const passed = fix('i32', load('i32.load', cost, costs + walkCost[stage]));
      emitLeaf(site, load('i32.load', unit, translationOffsets[`${stage}Leaf`]), passed);
      return passed;
    });
    const [first = i32(0), second = i32(0)] = cycles;
    const both = fix('i32', op('i32.add', first, second));
    const before = load('f64.load', this.#hart, hartStateOffsets.cycle);
    const after = float('f64.add', before, float('f64.convert_i32_s', both));
    store('f64.store', this.#hart, after, hartStateOffsets.cycle);
    this.#storeRun('owed', op('i32.add', this.#run('owed'), both));
  }

  #run(word: keyof typeof runOffsets): Term {
    return this.#terms.load('i32.load', this.#hart, runOffsets[word]);
  }

  #storeRun(word: keyof typeof runOffsets, value: Term): void {
    this.#terms.store('i32.store', this.#hart, value, runOffsets[word]);
  }
}

/** The address of an entry of the TLB. */
function entryTerm({ op, i32 }: Terms, unit: Term, index: Term): Term {
  const offset = op('i32.mul', index, i32(tlbEntry.bytes));
  return op('i32.add', op('i32.add', unit, i32(translationOffsets.entries)), offset);
}

/** The group of pages of the filter in which an address is. */
function groupTerm({ op, i32 }: Terms, low: Term): Term {
  return op('i32.and', op('i32.shr_u', low, i32(filterShapes.read.shift)), i32(PAGE_GROUPS - 1));
}

/** `tlbSet` as code. */
function tlbSetTerm({ op, i32, fix }: Terms, page: Term, mix: Term): Term {
  const mixed = fix('i32', op('i32.xor', op('i32.xor', page, op('i32.shr_u', page, i32(8))), mix));
  const folded = op('i32.xor', mixed, op('i32.shr_u', mixed, i32(16)));
  return op('i32.and', folded, i32(TLB_SETS - 1));
}
