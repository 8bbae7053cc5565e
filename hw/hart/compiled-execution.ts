import {
  type CompiledClient,
  type CompiledCode,
  Exit,
  type HartState,
  type PathTranslator,
  LineFilter,
  committedWords,
  runWords,
  RunWord,
} from '../engine/index.ts';
import { type Decoded, PAGE_BYTES, PAGE_SHIFT } from '../isa/index.ts';
import type { Pmp } from '../pmc/index.ts';
import type { Pipeline } from '../timing/index.ts';
import { AddressHalves } from './address-halves.ts';
import { CachedExecution } from './cached-execution.ts';
import type { CoreDriver } from './core-driver.ts';
import type { CycleAccount } from './cycle-account.ts';
import type { DerivedState } from './derived-state.ts';
import type { DirectCsrs } from './direct-csrs.ts';
import type { ProbedStep } from './exits/exit-steps.ts';
import type { Labels } from './labels.ts';
import type { MemoryTiming } from './memory-timing.ts';
import { type Mmu, Need, type Regimes } from './mmu/index.ts';
import type { Observers } from './observers.ts';
import type { Progress } from './progress.ts';
import type { Reservations } from './reservations.ts';
import { TrailExchange } from './trail-exchange.ts';
import type { Transitions } from './transitions/transitions.ts';

/** What the execution of generated code is wired to. */
export interface CompiledExecutionPorts {
  readonly code: CompiledCode;
  readonly buffer: ArrayBuffer;
  /** Where the hart's memory begins, and in it the filter. */
  readonly memoryOffset: number;
  readonly filterOffset: number;
  readonly translationOffset: number;
  readonly state: HartState;
  readonly mmu: Mmu;
  readonly pmp: Pmp;
  readonly reservations: Reservations;
  readonly pipeline: Pipeline;
  /** A core in stages, which says how long instructions take and books their cycles. */
  readonly core: CoreDriver | undefined;
  /** Caches and TLBs behind rules. */
  readonly memoryTiming: MemoryTiming | undefined;
  readonly account: CycleAccount;
  readonly directCsrs: DirectCsrs;
  readonly transitions: Transitions;
  readonly derived: DerivedState;
  readonly probes: ReadonlyMap<number, ProbedStep>;
  readonly labels: Labels;
  readonly progress: Progress;
  readonly observers: Observers;
}

/** What `run` yields when it may be called again at once, and when the next instruction has to be fetched; no word is either. */
export const AGAIN = -1;
const UNKNOWN = 0;
/** What `begin` yields when generated code may go on. */
export const READY = -2;

/** Most cycles that generated code runs at a stretch: the host optimises a function only when it is called again. */
export const MOST_CYCLES = 200_000;
const IN_PAGE = PAGE_BYTES - 1;

const HIGH = 2 ** 32;
/** Pages in that. */
const HIGH_PAGES = 2 ** 20;

/** The halves of a page's address, the low one signed: a small integer, which needs no object of its own. */
function highOf(page: number): number {
  return page < HIGH_PAGES ? 0 : Math.floor(page / HIGH_PAGES);
}
function lowOf(page: number): number {
  return page << PAGE_SHIFT;
}

/** Runs plain instructions of a hart as generated code, and keeps the books that the instruction unit keeps of the others. */
export class CompiledExecution implements CompiledClient {
  readonly #ports: CompiledExecutionPorts;
  readonly #filter: LineFilter;
  readonly #words: Uint32Array;
  readonly #committed: Uint32Array;
  readonly #pc = new AddressHalves();
  readonly #paths: PathTranslator | undefined;
  readonly #cached: CachedExecution | undefined;
  readonly #trail: TrailExchange;
  #regimes: Regimes | undefined;
  #protection = -1;
  /** Where the run began, and how many instructions had retired. */
  #begunLow = 0;
  #begunHigh = 0;
  #begunInstret = 0;
  /** Whether the mode has changed since. */
  #isElsewhere = false;

  constructor(ports: CompiledExecutionPorts) {
    const { buffer, memoryOffset, filterOffset, mmu, code, core, memoryTiming } = ports;
    this.#ports = ports;
    const filter = new LineFilter(buffer, filterOffset, memoryTiming !== undefined);
    this.#filter = filter;
    const words = runWords(buffer, memoryOffset);
    this.#words = words;
    this.#trail = new TrailExchange({ pages: code.pages, pipeline: ports.pipeline, words });
    this.#cached =
      memoryTiming && new CachedExecution({ ...ports, timing: memoryTiming, filter, words });
    this.#committed = committedWords(buffer, memoryOffset);
    mmu.tlb.onEvict = ({ page }) => {
      this.#filter.dropPage(highOf(page), lowOf(page));
    };
    mmu.tlb.onFlush = () => {
      this.#filter.flush();
    };
    // Generated code that runs looks at the address of its page when it enters it.
    mmu.tlb.isInUse = (page) => this.#filter.codeAt(highOf(page), lowOf(page)) !== 0;
    code.add(this, memoryOffset);
    const known = core?.knownPaths;
    const decodedAt = (pc: bigint): Decoded | undefined => this.#decodedAt(pc);
    this.#paths = known && code.pathTranslator({ known, decodedAt });
  }

  /** The instruction at an address, if its page is known and generated code may execute it. */
  #decodedAt(pc: bigint): Decoded | undefined {
    const { pages } = this.#ports.code;
    const low = Number(BigInt.asIntN(32, pc));
    const base = this.#filter.codeAt(Number(BigInt.asUintN(32, pc >> 32n)), low);
    if (base === 0) return undefined;
    const entry = pages.entryAt(base, low & IN_PAGE);
    return pages.isTranslatable(entry) ? pages.decodedOf(entry) : undefined;
  }

  /**
   * Executes plain instructions for so many cycles at most. The result is `AGAIN`, or the word of the next instruction, which
   * is the instruction unit's, or `UNKNOWN` if the unit must fetch it.
   */
  run(cycles: number): number {
    const { code, memoryOffset, state } = this.#ports;
    const { cycle } = state;
    const word = this.begin(true);
    if (word !== READY) return word;
    const budget = Math.min(cycles - (state.cycle - cycle), this.retirable, MOST_CYCLES);
    if (budget <= 0) return UNKNOWN;
    this.#words[RunWord.begun] = budget;
    this.#words[RunWord.end] = state.cycle + budget;
    this.#cached?.begin(budget);
    return this.end(code.run(memoryOffset, budget));
  }

  /** Instructions that may retire before somebody wants to know; each takes a cycle at least. */
  get retirable(): number {
    const { state, observers } = this.#ports;
    return (observers.instructionLimit?.count ?? Infinity) - state.instret;
  }

  /**
   * Hands the state over to generated code. The result is `READY`, or what `run` yields if generated code cannot execute the
   * next instruction. Where that must be executed before anything else happens, it `mayWait` for being fetched.
   */
  begin(mayWait = false): number {
    const { state, code, observers, directCsrs, transitions, account, core } = this.#ports;
    const { translationOffset, filterOffset } = this.#ports;
    const { commitLog, onRetire } = observers;
    if (commitLog !== undefined || onRetire !== undefined || account.onCharge !== undefined)
      return UNKNOWN;
    const entry = this.#locate(mayWait);
    if (entry === 0) return UNKNOWN;
    const { pages } = code;
    const isForOthers = pages.isTransition(entry) ? !transitions.areAllowed : pages.isSlow(entry);
    if (isForOthers) return this.#wordOf(entry);
    // A core in stages looks back itself.
    if (core !== undefined) this.#words[RunWord.trail] = 0;
    else if (!this.#trail.give(this.#pc.low & IN_PAGE)) return UNKNOWN;
    this.#begunLow = this.#pc.low;
    this.#begunHigh = this.#pc.high;
    this.#words[RunWord.entry] = entry;
    this.#words[RunWord.extra] = 0;
    this.#words[RunWord.walked] = 0;
    this.#words[RunWord.owed] = 0;
    this.#words[RunWord.translation] = translationOffset;
    this.#words[RunWord.filter] = filterOffset;
    directCsrs.settle();
    transitions.prepare();
    core?.prepare();
    this.#begunInstret = state.instret;
    this.#isElsewhere = false;
    return READY;
  }

  /** Takes the state back, when generated code has come back for a reason (`Exit`). */
  end(reason: number): number {
    const { code, progress } = this.#ports;
    const { pages } = code;
    this.#follow();
    const issued = this.#account();
    const next = this.#words[RunWord.entry] ?? 0;
    if (issued > 0) {
      const isWhereItBegan =
        !this.#isElsewhere && this.#pc.low === this.#begunLow && this.#pc.high === this.#begunHigh;
      progress.retiredMany(issued, isWhereItBegan && pages.isSelfLoop(next));
    }
    if (reason === Exit.hot && this.#paths !== undefined) this.#paths.heat();
    else if (reason === Exit.hot) code.heat(next);
    // What has walked has begun, though the cycles be used up.
    if (reason === Exit.slow || this.hasBegun) return this.#wordOf(next);
    if (reason === Exit.undecoded) pages.decodeAt(next);
    return AGAIN;
  }

  /** The word of an entry, for the instruction unit; which fetches it itself where that may take time. */
  #wordOf(entry: number): number {
    return this.#cached === undefined ? this.#ports.code.pages.wordOf(entry) : UNKNOWN;
  }

  /** Waits for its turns: for so many cycles at most, before those of the hart whose memory begins at `next`. */
  queueUp(budget: number, next: number): void {
    this.#words[RunWord.left] = budget;
    this.#words[RunWord.begun] = budget;
    this.#words[RunWord.limit] = this.#ports.state.cycle + budget;
    this.#words[RunWord.nextHart] = next;
    this.#cached?.begin(budget);
  }

  /** Whether the next instruction has begun, and must go on before anything else. */
  get hasBegun(): boolean {
    return this.#words[RunWord.owed] !== 0 || this.#cached?.hasFetched === true;
  }

  fill(
    high: number,
    low: number,
    bytes: number,
    isWrite: boolean,
    spare: number,
    left: number,
    place: number,
  ): number {
    if ((low & (bytes - 1)) !== 0) return 0;
    if (this.#cached !== undefined) {
      return this.#cached.fill(high, low, isWrite, spare, left, place);
    }
    if (!this.#follow()) return 0;
    const { mmu, state, reservations, code, core } = this.#ports;
    const need = isWrite ? Need.write : Need.read;
    const { cycle } = state;
    const entry = mmu.reach(high, low, need, mmu.regimes.data);
    const owed = (this.#words[RunWord.owed] ?? 0) + (state.cycle - cycle);
    this.#words[RunWord.owed] = owed;
    if (entry === undefined || entry.memoryOffset < 0 || owed > spare) return 0;
    const inPage = low & IN_PAGE;
    const offset = entry.memoryOffset + inPage;
    if (isWrite && (code.pages.holdsCode(offset) || core?.holdsCode(offset) === true)) return 0;
    if (isWrite && reservations.isReserved(entry.frame + inPage)) return 0;
    if (isWrite) this.#filter.addWrite(high, low, offset);
    else this.#filter.addRead(high, low, offset);
    if (core === undefined) mmu.guide(this.#filter.record, entry);
    else core.reaches(entry.frame + inPage);
    this.#words[RunWord.owed] = 0;
    this.#words[RunWord.walked] = (this.#words[RunWord.walked] ?? 0) + owed;
    return 1 + owed;
  }

  fetchLine(high: number, low: number, left: number): number {
    return this.#cached?.fetchLine(high, low, left) ?? 0;
  }

  commit(host: number, variant: number): number {
    return this.#ports.core?.commitDirect(this.#committed, host, variant) ?? 0;
  }

  perform(host: number, action: number): number {
    return this.#ports.core?.performDirect(this.#committed, host, action) ?? 0;
  }

  dropLine(offset: number): void {
    this.#filter.dropLine(offset);
  }

  dropCode(): void {
    this.#filter.dropCode();
    this.#cached?.forgetCode();
  }

  /** Follows to the mode in which generated code is now; whether the tables in force are still those of that mode. */
  #follow(): boolean {
    const { transitions } = this.#ports;
    if (!transitions.happened) return true;
    const words = this.#words;
    const { readTable, writeTable, fetchTable } = RunWord;
    const [read, write, fetch] = [words[readTable], words[writeTable], words[fetchTable]];
    this.#isElsewhere = true;
    transitions.follow();
    this.#enterContext();
    return read === words[readTable] && write === words[writeTable] && fetch === words[fetchTable];
  }

  #enterContext(): void {
    const { mmu, pmp } = this.#ports;
    if (this.#protection !== pmp.generation) {
      this.#protection = pmp.generation;
      this.#filter.flush();
    }
    const { regimes } = mmu;
    if (this.#regimes !== regimes) {
      this.#regimes = regimes;
      this.#filter.enter(regimes.data.contextKey, regimes.fetch.contextKey, regimes.data);
    }
    this.#ports.transitions.watch(this.#filter.generation);
    if (this.#filter.isSettled) return;
    this.#filter.settle();
    const { read, write, fetch } = this.#filter;
    this.#words[RunWord.readTable] = read;
    this.#words[RunWord.writeTable] = write;
    this.#words[RunWord.fetchTable] = fetch;
  }

  /** The entry of the next instruction; 0 if somebody must translate its address first. */
  #locate(mayWait: boolean): number {
    this.#enterContext();
    const { state, code } = this.#ports;
    const { high, low } = this.#pc.put(state.pcHigh, state.pcLow);
    if (this.#cached?.isFetchSettled === false) return 0;
    const base = this.#filter.codeAt(high, low) || this.#translate(high, low, mayWait);
    this.#words[RunWord.base] = base;
    if (base === 0) return 0;
    const cached = this.#cached;
    if (cached !== undefined && !cached.finds(base, low & IN_PAGE)) {
      if (!mayWait) return 0;
      cached.fetchNow(high, low);
    }
    return code.pages.entryAt(base, low & IN_PAGE);
  }

  /** Where the entries of a page begin that is in the TLB; 0 of any other. */
  #translate(high: number, low: number, mayWait: boolean): number {
    const { mmu, code, memoryTiming } = this.#ports;
    const { fetch } = mmu.regimes;
    if (mayWait) memoryTiming?.translateFetch(high, low, Need.execute, fetch);
    else if (memoryTiming?.hasFetchPage(high, low, fetch) === false) return 0;
    const entry = mmu.lookup(high, low, Need.execute, fetch);
    if (entry === undefined || entry.memoryOffset < 0) return 0;
    const base = code.pages.entriesOf(entry.memoryOffset);
    this.#pinProbes(high, low, entry.memoryOffset);
    this.#filter.addCode(high, low, base, this.#cached?.notesOf(base, entry.frame));
    return base;
  }

  /** Exit handlers announce steps at certain instructions, and others have names: those are the instruction unit's. */
  #pinProbes(high: number, low: number, page: number): void {
    const { probes, labels, derived, code } = this.#ports;
    const first = high * HIGH + low - (low & IN_PAGE);
    const pin = (address: number): void => {
      if (address >= first && address < first + PAGE_BYTES) code.pages.pin(page, address - first);
    };
    if (derived.mode === 'U') for (const address of probes.keys()) pin(address);
    for (const address of labels.in(derived.mode)) pin(address);
  }

  /** Books what generated code did with its cycles; the number of instructions that issued since the mode changed. */
  #account(): number {
    const { core, state, account, observers, code } = this.#ports;
    const words = this.#words;
    // Walks were booked when they were made.
    const used = (words[RunWord.begun] ?? 0) - (words[RunWord.left] ?? 0);
    const passed = (used - (words[RunWord.walked] ?? 0)) | 0;
    const issued = passed - (words[RunWord.extra] ?? 0);
    if (core === undefined) account.passed(passed, issued);
    state.instret += issued;
    code.retired(state.instret - this.#begunInstret);
    this.#trail.take(this.#pc.put(state.pcHigh, state.pcLow).low & IN_PAGE);
    const { instructionLimit: limit } = observers;
    if (limit !== undefined && state.instret >= limit.count) {
      observers.instructionLimit = undefined;
      limit.reached();
    }
    return issued;
  }
}
