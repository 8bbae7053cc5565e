import { PAGE_BYTES, PTE_BYTES } from '../../isa/index.ts';
import type { BusPort } from '../../kernel/index.ts';
import { WalkTrace } from '../../timing/index.ts';
import type { Need } from './access.ts';
import { LeafBit } from './leaf.ts';
import { PageWalker, type TableMemory } from './page-walker.ts';
import type { Regime } from './regime.ts';

const SMALLEST_SHIFT = 12;
const NO_PAGE = -1;
/** V alone of the bits that tell a pointer to a table from a leaf. */
const KIND = LeafBit.valid | LeafBit.read | LeafBit.write | LeafBit.execute;
const EVERYTHING = LeafBit.read | LeafBit.write | LeafBit.execute | LeafBit.user | LeafBit.dirty;

/** Walks to find out which entries of tables are read, for those who say how long that takes. Marks nothing. */
export class WalkRecorder {
  readonly #bus: BusPort;
  readonly #walker: PageWalker;
  readonly #trace = new WalkTrace();
  /** The entry that was read last. */
  #entry = 0;

  constructor(tables: TableMemory, bus: BusPort) {
    const trace = this.#trace;
    this.#bus = bus;
    const { words } = tables;
    this.#walker = new PageWalker({
      words,
      // Every read is to be seen.
      known: new Int32Array(tables.known.length).fill(NO_PAGE),
      find: (page, index) => {
        const word = tables.find(page, index);
        this.#entry = words[word] ?? 0;
        const isPointer = word >= 0 && (this.#entry & KIND) === LeafBit.valid;
        trace.add(page * PAGE_BYTES + index * PTE_BYTES, isPointer);
        return word;
      },
      mark: () => true,
    });
  }

  /** Walks for an access to a page. */
  record(page: number, need: Need, regime: Regime): WalkTrace {
    const trace = this.#trace;
    const walker = this.#walker;
    trace.count = 0;
    trace.hasStage1 = regime.stage1 !== undefined;
    trace.hasStage2 = regime.stage2 !== undefined;
    trace.isVirtual = regime.virtual;
    trace.isGlobal = false;
    trace.isUniform = true;
    trace.shift = SMALLEST_SHIFT;
    trace.suitsL2Tlb = false;
    const outcome = walker.walk(page, need, regime);
    trace.isGuestFault = outcome === 'guestPage' && trace.hasStage1;
    if (outcome !== 'found') {
      trace.shift = this.#shiftOfFault(trace, regime);
      trace.isUniform = trace.shift === SMALLEST_SHIFT;
      return trace;
    }
    trace.isGlobal = walker.isGlobal;
    trace.shift = this.#shift(trace);
    trace.suitsL2Tlb = this.#suitsL2Tlb(trace);
    if (trace.shift > SMALLEST_SHIFT) trace.isUniform = this.#isMemory(trace.shift);
    return trace;
  }

  /** Whether both leaves are of 4 KiB, and the one that was read last, of stage 2, permits everything (`PTW.scala`, isFullPerm). */
  #suitsL2Tlb({ hasStage1, hasStage2 }: WalkTrace): boolean {
    const { stage1Shift, leafShifts, leafCount } = this.#walker;
    const isSmall = !hasStage1 || stage1Shift === SMALLEST_SHIFT;
    if (!hasStage2) return isSmall;
    const isFull = (this.#entry & EVERYTHING) === EVERYTHING;
    return isSmall && isFull && leafShifts[leafCount - 1] === SMALLEST_SHIFT;
  }

  /** Bits of page offset that the entry of one stage would translate at which a walk failed. */
  #shiftOfFault({ count, hasStage2 }: WalkTrace, { stage1, stage2 }: Regime): number {
    const table = stage1 ?? stage2;
    // Through both stages it is the smaller page of the two, which is mostly the smallest.
    if (table === undefined || count === 0 || (stage1 !== undefined && hasStage2)) {
      return SMALLEST_SHIFT;
    }
    const { levels, bitsPerLevel } = table.scheme;
    return SMALLEST_SHIFT + (levels - count) * bitsPerLevel;
  }

  /** Bits of page offset of the smaller page of both stages. */
  #shift({ hasStage1, hasStage2 }: WalkTrace): number {
    const { stage1Shift, leafShifts, leafCount } = this.#walker;
    const stage2Shift = leafShifts[leafCount - 1] ?? 0;
    if (!hasStage2) return stage1Shift;
    return hasStage1 ? Math.min(stage1Shift, stage2Shift) : stage2Shift;
  }

  /** Whether all of the page found is main memory. */
  #isMemory(shift: number): boolean {
    const bytes = 2 ** shift;
    const base = Math.floor((this.#walker.page * PAGE_BYTES) / bytes) * bytes;
    const window = this.#bus.ram(base);
    return window !== undefined && base + bytes <= window.base + window.size;
  }
}
