import type { Code } from '../../../wasm/index.ts';
import { ENTRY_BYTES, packed } from '../packed-entry.ts';
import { HALF_BIT, HALF_BYTES } from '../page-layout.ts';
import { runOffsets } from '../run-state.ts';
import { TRAIL_BITS } from '../trail.ts';

/** A function under construction, and its locals (i32). */
export interface LookBackSite {
  readonly code: Code;
  /** Address of the hart's memory, where what `arrived` met is. */
  readonly hart: number;
  /** The last entry that did not come in line. */
  readonly arrived: number;
  readonly instructionAlignment: 2 | 4;
}

/** Finds again which instructions were executed in line before another. */
export class LookBackCode {
  readonly #site: LookBackSite;
  readonly #previous: number;
  readonly #older: number;
  readonly #parcel: number;

  constructor(site: LookBackSite) {
    this.#site = site;
    this.#previous = site.code.local('i32');
    this.#older = site.code.local('i32');
    this.#parcel = site.code.local('i32');
  }

  /** Puts on the stack what they left to an entry (`trail.ts`). */
  push(entry: number): void {
    const { code } = this.#site;
    this.#pushHasArrived(entry);
    code.if('i32');
    this.#pushTrail();
    code.else();
    this.#findBefore(entry, this.#previous);
    this.#pushHasArrived(this.#previous);
    code.if('i32');
    this.#pushTrail();
    code.else();
    this.#findBefore(this.#previous, this.#older);
    code.get(this.#older);
    code.load('i32.load16_u', packed.trail);
    code.end();
    code.i32(TRAIL_BITS);
    code.op('i32.shl');
    code.get(this.#previous);
    code.load('i32.load16_u', packed.trail);
    code.op('i32.or');
    code.end();
  }

  #pushHasArrived(entry: number): void {
    const { code } = this.#site;
    code.get(entry);
    code.get(this.#site.arrived);
    code.op('i32.eq');
  }

  #pushTrail(): void {
    this.#site.code.get(this.#site.hart);
    this.#site.code.load('i32.load', runOffsets.trail);
  }

  /** Sets `before` to the entry that was executed in line before another. */
  #findBefore(entry: number, before: number): void {
    const { code } = this.#site;
    code.get(entry);
    code.i32(ENTRY_BYTES);
    code.op('i32.sub');
    code.set(before);
    if (this.#site.instructionAlignment === 4) return;
    code.get(entry);
    code.i32(-HALF_BYTES);
    code.i32(HALF_BYTES - ENTRY_BYTES);
    code.get(entry);
    code.load('i32.load16_u', packed.place);
    code.i32(HALF_BIT);
    code.op('i32.and');
    code.select();
    code.op('i32.add');
    code.set(this.#parcel);
    this.#pushLeads(this.#parcel, entry);
    code.if();
    this.#pushLeads(before, entry);
    code.if();
    this.#walk(entry, before);
    code.else();
    code.get(this.#parcel);
    code.set(before);
    code.end();
    code.end();
  }

  /** The same where two entries lead to it: instructions overlap, and only one of the two was executed. */
  #walk(entry: number, before: number): void {
    const { code } = this.#site;
    code.get(this.#site.arrived);
    code.set(before);
    const walk = code.loop();
    this.#pushLeads(before, entry);
    code.op('i32.eqz');
    code.if();
    this.#pushNext(before);
    code.set(before);
    code.branch(walk);
    code.end();
    code.end();
  }

  /** Puts on the stack whether an entry is followed by another in line. */
  #pushLeads(before: number, entry: number): void {
    this.#pushNext(before);
    this.#site.code.get(entry);
    this.#site.code.op('i32.eq');
  }

  #pushNext(entry: number): void {
    const { code } = this.#site;
    code.get(entry);
    code.get(entry);
    code.load('i32.load16_s', packed.advance);
    code.op('i32.add');
  }
}
