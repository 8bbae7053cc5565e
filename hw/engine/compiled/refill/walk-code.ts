import { PAGE_SHIFT, Pte, PTE_BYTES, PteLayout } from '../../../isa/index.ts';
import type { Label, Term, Terms } from '../../../wasm/index.ts';
import { regimeRecord } from './regime-record.ts';
import {
  PATH_PAGE_BITS,
  REGION_SHIFT,
  tablePath,
  tlbLeaves,
  translationOffsets,
} from './translation-layout.ts';

/** Where a walk is made. */
export interface WalkSite {
  /** Where it goes on if the walk cannot be made here. */
  readonly miss: Label;
  /** Addresses of the record of the regime, and of the translation unit. */
  readonly record: Term;
  readonly unit: Term;
}

const LEAF_BITS = 0xff;
const LEAF_BYTES = 8;
const { ppnShift: PPN_SHIFT } = PteLayout;

/** Appends code that walks the tables of a regime by known paths (`tablePath`); afterwards the terms tell what it found, as `PageWalker` does. */
export class WalkCode {
  readonly #terms: Terms;
  readonly #findPath: number;
  readonly #site: WalkSite;
  readonly #locals;
  readonly physicalPage: Term;
  readonly guestPage: Term;
  readonly stage1Bits: Term;
  readonly stage2Bits: Term;
  readonly stage1Shift: Term;
  readonly stage1Reads: Term;
  readonly stage2Reads: Term;
  readonly leafCount: Term;
  /** 0 or 1. */
  readonly isGlobal: Term;
  /** Needs that the tables grant. */
  readonly needs: Term;

  constructor(terms: Terms, findPath: number, site: WalkSite) {
    this.#terms = terms;
    this.#findPath = findPath;
    this.#site = site;
    const { code, get } = terms;
    const local = (): number => code.local('i32');
    const locals = {
      ...{ page: local(), guestPage: local(), stage1Bits: local(), stage2Bits: local() },
      ...{ stage1Shift: local(), stage2Shift: local(), stage1Reads: local(), stage2Reads: local() },
      ...{
        leafCount: local(),
        isGlobal: local(),
        needs: local(),
        path: local(),
        stage1Path: local(),
      },
      entry: code.local('i64'),
    };
    this.#locals = locals;
    this.physicalPage = get(locals.page);
    this.guestPage = get(locals.guestPage);
    this.stage1Bits = get(locals.stage1Bits);
    this.stage2Bits = get(locals.stage2Bits);
    this.stage1Shift = get(locals.stage1Shift);
    this.stage1Reads = get(locals.stage1Reads);
    this.stage2Reads = get(locals.stage2Reads);
    this.leafCount = get(locals.leafCount);
    this.isGlobal = get(locals.isGlobal);
    this.needs = get(locals.needs);
  }

  /** Walks to a page. */
  descend(page: Term): void {
    const { i32, op, load, set } = this.#terms;
    const { record, unit } = this.#site;
    const locals = this.#locals;
    const bareBits = load('i32.load', unit, translationOffsets.bareBits);
    set(locals.page, page);
    set(locals.stage1Bits, bareBits);
    set(locals.stage1Shift, i32(PAGE_SHIFT));
    set(locals.needs, this.#needsOf(regimeRecord.stage1Needs, bareBits));
    for (const local of [locals.stage1Path, locals.stage1Reads, locals.stage2Reads]) {
      set(local, i32(0));
    }
    for (const local of [locals.leafCount, locals.isGlobal]) set(local, i32(0));
    this.#terms.if(load('i32.load', record, regimeRecord.hasStage1), () => {
      this.#walkStage1();
    });
    set(locals.guestPage, this.physicalPage);
    set(locals.stage2Bits, bareBits);
    this.#terms.if(load('i32.load', record, regimeRecord.hasStage2), () => {
      this.#walkStage2();
    });
    set(
      locals.needs,
      op('i32.and', this.needs, this.#needsOf(regimeRecord.stage2Needs, this.stage2Bits)),
    );
  }

  /** Writes the leaves of stage 2 that the walk depends on behind an address (`tlbLeaves`). */
  copyLeaves(address: Term, offset: number): void {
    const { code, get, i32, op, float, load, set, store, branchIf } = this.#terms;
    const { record } = this.#site;
    const path = get(this.#locals.stage1Path);
    this.#terms.if(load('i32.load', record, regimeRecord.hasStage2), () => {
      const leaf = code.local('i32');
      const place = op('i32.add', address, op('i32.mul', get(leaf), i32(LEAF_BYTES)));
      const shiftPlace = op('i32.add', address, get(leaf));
      const { pages, shifts } = tlbLeaves;
      set(leaf, i32(0));
      const all = code.block();
      const last = op('i32.sub', this.leafCount, i32(1));
      branchIf(all, op('i32.eqz', last));
      const next = code.loop();
      const from = op('i32.add', path, op('i32.mul', get(leaf), i32(LEAF_BYTES)));
      store('f64.store', place, load('f64.load', from, tablePath.leafPages), offset + pages);
      const fromShift = op('i32.add', path, get(leaf));
      const shift = load('i32.load8_u', fromShift, tablePath.leafShifts);
      store('i32.store8', shiftPlace, shift, offset + shifts);
      set(leaf, op('i32.add', get(leaf), i32(1)));
      branchIf(next, op('i32.lt_u', get(leaf), last));
      code.end();
      code.end();
      store('f64.store', place, float('f64.convert_i32_s', this.guestPage), offset + pages);
      store('i32.store8', shiftPlace, get(this.#locals.stage2Shift), offset + shifts);
    });
  }

  #walkStage1(): void {
    const { get, i32, i64, op, load, set, select } = this.#terms;
    const { record } = this.#site;
    const locals = this.#locals;
    this.#find('stage1Paths', regimeRecord.roots, regimeRecord.kind);
    set(locals.stage1Path, get(locals.path));
    this.#readLeaf();
    const entry = get(locals.entry);
    const low = op('i32.wrap_i64', entry);
    set(locals.stage1Bits, op('i32.and', low, i32(LEAF_BITS)));
    const isUser = op('i64.ne', op('i64.and', entry, i64(Pte.user)), i64(0n));
    const users = select(
      isUser,
      load('i32.load', record, regimeRecord.userNeeds),
      load('i32.load', record, regimeRecord.supervisorNeeds),
    );
    set(
      locals.needs,
      op('i32.and', this.#needsOf(regimeRecord.stage1Needs, this.stage1Bits), users),
    );
    const seen = op('i32.or', this.#part('seen'), low);
    const isGlobal = op('i32.ne', op('i32.and', seen, i32(Number(Pte.global))), i32(0));
    set(locals.isGlobal, isGlobal);
    set(locals.stage1Shift, this.#part('shift'));
    set(locals.stage1Reads, this.#part('stage1Reads'));
    set(locals.stage2Reads, this.#part('stage2Reads'));
    set(locals.leafCount, this.#part('leafCount'));
  }

  #walkStage2(): void {
    const { get, i32, op, set } = this.#terms;
    const locals = this.#locals;
    this.#find('stage2Paths', regimeRecord.stage2Roots, regimeRecord.stage2Kind);
    this.#readLeaf();
    const low = op('i32.wrap_i64', get(locals.entry));
    set(locals.stage2Bits, op('i32.and', low, i32(LEAF_BITS)));
    set(locals.stage2Shift, this.#part('shift'));
    set(locals.stage2Reads, op('i32.add', this.stage2Reads, this.#part('stage2Reads')));
    set(locals.leafCount, op('i32.add', this.leafCount, i32(1)));
  }

  /** Finds the path for the page. */
  #find(paths: 'stage1Paths' | 'stage2Paths', roots: number, kind: number): void {
    const { get, i32, op, load, set, call, branchIf } = this.#terms;
    const { miss, record, unit } = this.#site;
    const path = call(
      this.#findPath,
      op('i32.add', unit, i32(translationOffsets[paths])),
      op('i32.shr_u', this.physicalPage, i32(REGION_SHIFT)),
      load('i32.load', record, regimeRecord.protection),
      load('i64.load', record, roots),
      load('i32.load', record, kind),
    );
    set(this.#locals.path, path);
    branchIf(miss, op('i32.eqz', get(this.#locals.path)));
  }

  /** Reads the entry for the page at the end of the path, and goes where it leads; that it is a leaf is seen by its needs. */
  #readLeaf(): void {
    const { get, i32, i64, op, load, fix, set, branchIf } = this.#terms;
    const { miss } = this.#site;
    const { page, entry } = this.#locals;
    const index = op('i32.and', this.physicalPage, this.#part('indexMask'));
    const address = op('i32.add', this.#part('entries'), op('i32.mul', index, i32(PTE_BYTES)));
    set(entry, load('i64.load', address));
    const above = op('i64.shr_u', get(entry), i64(BigInt(PPN_SHIFT + PATH_PAGE_BITS)));
    branchIf(miss, op('i64.ne', above, i64(0n)));
    const target = fix(
      'i32',
      op('i32.wrap_i64', op('i64.shr_u', get(entry), i64(BigInt(PPN_SHIFT)))),
    );
    const insideMask = fix('i32', this.#part('insideMask'));
    branchIf(miss, op('i32.and', target, insideMask));
    set(page, op('i32.add', target, op('i32.and', this.physicalPage, insideMask)));
  }

  /** The needs that a leaf with these low bits meets, by a table that the record names. */
  #needsOf(table: number, bits: Term): Term {
    const { op, load } = this.#terms;
    return load('i32.load8_u', op('i32.add', load('i32.load', this.#site.record, table), bits));
  }

  #part(name: Exclude<keyof typeof tablePath, 'bytes' | 'notes'>): Term {
    return this.#terms.load('i32.load', this.#terms.get(this.#locals.path), tablePath[name]);
  }
}
