import { Code, type Label } from '../../../wasm/index.ts';
import { hartStateOffsets } from '../../hart-state.ts';
import type { CodePages } from '../code-pages.ts';
import type { EngineTiming, FrameTransfers } from '../engine-timing.ts';
import { runOffsets } from '../run-state.ts';
import { followedBy, TRAIL_BITS } from '../trail.ts';
import { RegionBooks } from './region-books.ts';
import { RegionRegisters } from './region-registers.ts';
import type { Block } from './region.ts';

/** What the code of regions is generated for. */
export interface RegionCodeSettings {
  readonly pages: CodePages;
  readonly timing: EngineTiming;
  readonly instructionAlignment: 2 | 4;
  /** Numbers of the imported functions. */
  readonly fill: number;
  readonly learn: number;
}

/** Parameters of a region's function: the hart's memory, cycles left, virtual address of the page. It returns the cycles left. */
export const regionParameters = ['i32', 'i32', 'i64'] as const;
/** Its result. */
export const regionResults = ['i32'] as const;

/** The function of a region under construction: its locals, how it begins, and how it is left. */
export class RegionFrame {
  readonly settings: RegionCodeSettings;
  readonly code = new Code(regionParameters);
  readonly hart = 0;
  readonly left = 1;
  /** Virtual address of the page. */
  readonly page = 2;
  /** Filter tables. */
  readonly readTable = this.code.local('i32');
  readonly writeTable = this.code.local('i32');
  /** What the last two instructions in line left (`trail.ts`). */
  readonly trail = this.code.local('i32');
  /** Address of an access, and its place in a table. */
  readonly address = this.code.local('i64');
  readonly slot = this.code.local('i32');
  /** Where an indirect jump leads to, or the region is left to. */
  readonly target = this.code.local('i64');
  readonly floatMode = this.code.local('i32');
  readonly registers: RegionRegisters;
  readonly books = new RegionBooks(this.code, {
    hart: this.hart,
    left: this.left,
  });
  readonly transfers: FrameTransfers | undefined;
  #exit: Label | undefined;

  constructor(settings: RegionCodeSettings, blocks: readonly Block[]) {
    this.settings = settings;
    this.registers = new RegionRegisters(
      this.code,
      blocks.flatMap(({ instructions }) => instructions),
    );
    const { code, hart, page } = this;
    const { learn, timing } = settings;
    this.transfers = timing.transfers?.within({ code, hart, page, learn });
  }

  /** Where caches are modelled: gets nowhere unless these lines of the page, a bit each, are in the instruction cache. No line leaves it while the region runs. */
  checkLines(lines: bigint): void {
    const { code } = this;
    code.get(this.hart);
    code.load('i32.load', runOffsets.fetched);
    code.load('i64.load');
    code.i64(lines);
    code.op('i64.and');
    code.i64(lines);
    code.op('i64.ne');
    code.unlikely();
    code.if();
    code.get(this.left);
    code.return();
    code.end();
  }

  /** Takes the state over from the caller. */
  open(): void {
    const { code } = this;
    this.registers.load(this.hart);
    for (const [word, local] of [
      ['floatMode', this.floatMode],
      ['readTable', this.readTable],
      ['writeTable', this.writeTable],
    ] as const) {
      code.get(this.hart);
      code.load('i32.load', runOffsets[word]);
      code.set(local);
    }
    this.transfers?.load();
    this.#exit = code.block();
  }

  /** Hands it back: this is where `leave` leads to. */
  close(): void {
    const { code } = this;
    code.end();
    this.registers.save(this.hart);
    this.transfers?.save();
    this.books.close();
    code.get(this.hart);
    code.get(this.trail);
    code.store('i32.store', runOffsets.trail);
    code.get(this.hart);
    code.get(this.target);
    code.store('i64.store', hartStateOffsets.pc);
    code.get(this.left);
  }

  /** Puts the address of a place in the page, or beyond it, on the stack. */
  pushAddress(inPage: number): void {
    this.code.get(this.page);
    this.code.i64(BigInt(inPage));
    this.code.op('i64.add');
  }

  /** Notes the last instructions in line: none, or one and the one before it, which may lie before the block. */
  setTrail(last?: number, older?: number): void {
    const { code } = this;
    const { pages } = this.settings;
    const halfword = last === undefined ? 0 : pages.trailOf(last);
    if (last !== undefined && older === undefined) this.pushTrailWith(last);
    else code.i32(older === undefined ? halfword : followedBy(pages.trailOf(older), halfword));
    code.set(this.trail);
  }

  /** Puts the trail with another instruction at its end, by its entry, on the stack. */
  pushTrailWith(entry: number): void {
    const { code } = this;
    code.get(this.trail);
    code.i32(TRAIL_BITS);
    code.op('i32.shl');
    code.i32(this.settings.pages.trailOf(entry));
    code.op('i32.or');
  }

  /** Leaves the region for what `target` says. */
  leave(): void {
    if (this.#exit !== undefined) this.code.branch(this.#exit);
  }

  /** Leaves the region for a place in the page, or beyond it. */
  leaveTo(inPage: number): void {
    this.pushAddress(inPage);
    this.code.set(this.target);
    this.leave();
  }
}
