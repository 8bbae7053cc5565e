import type { Decoded } from '../isa/index.ts';
import {
  Control,
  controlOf,
  destinationOf,
  FIRST_FLOAT,
  memoryOf,
  Memory,
  registersOf,
  uses,
} from './core/control-word.ts';
import { maskOf, wordOf } from './core/pending-stores.ts';
import { mechanismNumber } from './mechanisms.ts';
import { REPLAY } from './memory/index.ts';

/** Bytes of a hart's memory that the state of an access past the caches takes. */
export const PENDING_ACCESS_BYTES = 40;

/** From the answer to the commit of an instruction that waited for it in decode. */
const ANSWER_TO_COMMIT = 4;
/** The scoreboard of floating-point registers is looked at before the answer clears it. */
const ANSWER_TO_FLOAT = 5;
/** From an access to its answer it is so much less than to its user, on top of issue. */
const EXTRA_TO_ANSWER = 3;
const NEVER = -ANSWER_TO_FLOAT;

const Cycle = { asked: 0, answer: 1, stored: 2 } as const;
const CYCLES_BYTES = 24;
const Word = { register: 0, flags: 1, stored: 2, mask: 3 } as const;
const Flag = { isLoad: 1, isFenced: 2, isRefusing: 4 } as const;
const { writesInteger, reads, releases, isInstructionFence, isFence, acquires } = Control;

/** What an instruction waits for. */
interface Wait {
  readonly cycles: number;
  readonly leaf: number;
}

const NO_WAIT: Wait = { cycles: 0, leaf: mechanismNumber.uncached };

function isAccess(control: number): boolean {
  return memoryOf(control) !== Memory.none && memoryOf(control) !== Memory.translationFence;
}

/**
 * The access past the caches that is on its way, one at a time, while the pipeline goes on (`DCache.scala`, uncachedInFlight;
 * docs/timing.md, "Uncached"). Cycles are those in which instructions would commit.
 */
export class PendingAccess {
  /** How often the instruction in hand was sent back to fetch. */
  repeats = 0;
  readonly #cycles: Float64Array;
  readonly #words: Uint32Array;
  /** What the instruction in hand takes longer to come again, since it is fetched in two packets. */
  #late = 0;
  /** Of the access of that, which may be none. */
  #reads = false;
  #low = 0;
  #bytes = 0;

  constructor(buffer: ArrayBuffer, offset: number) {
    this.#cycles = new Float64Array(buffer, offset, CYCLES_BYTES / 8);
    this.#words = new Uint32Array(buffer, offset + CYCLES_BYTES, 4);
  }

  /** None is on its way. */
  reset(): void {
    this.#cycles.fill(NEVER);
    this.#words.fill(0);
    this.repeats = 0;
  }

  /** Whether an instruction that would commit in a cycle could meet it. */
  isUnderWay(cycle: number): boolean {
    return cycle < this.#answer + ANSWER_TO_FLOAT;
  }

  /** How long an instruction that would commit in a cycle is held up before it does anything; `straddles` if it is fetched in two packets. */
  wait(decoded: Decoded, straddles: boolean, cycle: number): Wait {
    this.#late = straddles ? 1 : 0;
    if (!this.isUnderWay(cycle)) return NO_WAIT;
    const control = controlOf(decoded);
    this.#reads = (control & reads) !== 0;
    const done = Math.max(0, this.#answer + ANSWER_TO_COMMIT - cycle);
    const isOrdered = (control & (releases | isInstructionFence)) !== 0;
    if (isOrdered || (this.#has(Flag.isFenced) && isAccess(control))) {
      return { cycles: done, leaf: mechanismNumber.fence };
    }
    const register = this.#words[Word.register] ?? 0;
    if (register > 0 && uses(registersOf(decoded), register)) {
      const later = register < FIRST_FLOAT ? 0 : ANSWER_TO_FLOAT - ANSWER_TO_COMMIT;
      const cycles = this.#answer + ANSWER_TO_COMMIT + later - cycle;
      return { cycles: Math.max(0, cycles), leaf: mechanismNumber.uncached };
    }
    if (!this.#losesPort(control, cycle)) return NO_WAIT;
    this.repeats += 1;
    return { cycles: REPLAY + this.#late, leaf: mechanismNumber.uncached };
  }

  /** The instruction in hand accesses bytes past the caches. */
  approach(low: number, bytes: number): void {
    this.#low = low;
    this.#bytes = bytes;
  }

  /**
   * How long an access to memory that would commit in a cycle waits: what reads right behind a store whose bytes seem to be the same, as far as
   * the index of the cache tells, comes again (`DCache.scala`, s1_raw_hazard).
   */
  conflict(cycle: number, low: number, bytes: number): number {
    if (!this.#reads || this.#has(Flag.isLoad) || cycle !== this.#asked + 1) return 0;
    if (this.#words[Word.stored] !== wordOf(low)) return 0;
    if (((this.#words[Word.mask] ?? 0) & maskOf(low, bytes)) === 0) return 0;
    this.repeats += 1;
    return REPLAY + this.#late;
  }

  /**
   * How long another access past the caches that would commit in a cycle is refused. A fence behind it, `isFenced`, has left decode by then, and what
   * has to be fenced waits although it is dropped (`RocketCore.scala`, id_reg_fence).
   */
  refusal(cycle: number, isFenced: () => boolean): number {
    let wait = 0;
    while (cycle + wait <= this.#answer) {
      wait += REPLAY + this.#late;
      this.repeats += 1;
      if (this.repeats === 1 && isFenced()) this.#add(Flag.isFenced);
      if (this.#has(Flag.isFenced)) wait = Math.max(wait, this.#answer + ANSWER_TO_COMMIT - cycle);
    }
    return wait;
  }

  /** An access commits in a cycle, whose user would come so many cycles later than the next instruction. */
  ask(cycle: number, extra: number, isLoad: boolean): void {
    // The store of an AMO is the same access as its load.
    if (this.#asked === cycle) return;
    this.#cycles[Cycle.asked] = cycle;
    this.#cycles[Cycle.answer] = cycle + Math.max(1, extra - EXTRA_TO_ANSWER);
    this.#words[Word.register] = 0;
    this.#words[Word.flags] = isLoad ? Flag.isLoad : 0;
    this.#words[Word.stored] = wordOf(this.#low);
    this.#words[Word.mask] = maskOf(this.#low, this.#bytes);
  }

  /** An instruction has committed in a cycle. */
  committed(decoded: Decoded, cycle: number): void {
    if (!this.isUnderWay(cycle)) return;
    const control = controlOf(decoded);
    if (this.#asked === cycle) {
      if (this.#has(Flag.isLoad)) this.#words[Word.register] = destinationOf(registersOf(decoded));
    } else if (memoryOf(control) === Memory.store) this.#cycles[Cycle.stored] = cycle;
    if ((control & (isFence | acquires)) !== 0) this.#add(Flag.isFenced);
  }

  /**
   * An answer goes to the registers when the data array is free, and takes the port of what is in the memory stage then: whether an
   * instruction that would commit in a cycle has to come again.
   */
  #losesPort(control: number, cycle: number): boolean {
    if (!this.#has(Flag.isLoad)) return false;
    const isReader = (control & reads) !== 0;
    const drains = this.#cycles[Cycle.stored] === this.#answer - 1;
    const meetsReader = cycle === this.#answer + 1 && isReader;
    if (!this.#has(Flag.isRefusing) && drains && cycle > this.#answer && !meetsReader) {
      this.#delay();
    }
    if (cycle !== this.#answer + 1) return false;
    const asks = isAccess(control);
    if (this.#has(Flag.isRefusing)) return asks || (control & writesInteger) !== 0;
    if (!asks) return (control & writesInteger) !== 0;
    this.#delay();
    return false;
  }

  /** The answer waits a cycle, in which the cache takes no access. */
  #delay(): void {
    this.#cycles[Cycle.answer] = this.#answer + 1;
    this.#add(Flag.isRefusing);
  }

  get #asked(): number {
    return this.#cycles[Cycle.asked] ?? NEVER;
  }

  get #answer(): number {
    return this.#cycles[Cycle.answer] ?? NEVER;
  }

  #has(flag: number): boolean {
    return ((this.#words[Word.flags] ?? 0) & flag) !== 0;
  }

  #add(flag: number): void {
    this.#words[Word.flags] = (this.#words[Word.flags] ?? 0) | flag;
  }
}
