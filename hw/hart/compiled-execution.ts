import {
  type CompiledClient,
  type CompiledCode,
  Exit,
  type HartState,
  LineFilter,
  RunState,
} from '../engine/index.ts';
import { instructionLength } from '../isa/index.ts';
import type { Pmp } from '../pmc/index.ts';
import type { Pipeline } from '../timing/index.ts';
import { AddressHalves } from './address-halves.ts';
import type { CycleAccount } from './cycle-account.ts';
import type { DerivedState } from './derived-state.ts';
import type { ProbedStep } from './exit-recorder.ts';
import { type Mmu, Need, type Regimes } from './mmu/index.ts';
import type { Observers } from './observers.ts';
import type { Progress } from './progress.ts';
import type { Reservations } from './reservations.ts';

/** What the execution of generated code is wired to. */
export interface CompiledExecutionPorts {
  readonly code: CompiledCode;
  readonly buffer: ArrayBuffer;
  /** Where the hart's memory begins, and in it the filter. */
  readonly memoryOffset: number;
  readonly filterOffset: number;
  readonly state: HartState;
  readonly mmu: Mmu;
  readonly pmp: Pmp;
  readonly reservations: Reservations;
  readonly pipeline: Pipeline;
  readonly account: CycleAccount;
  readonly derived: DerivedState;
  readonly probes: ReadonlyMap<number, ProbedStep>;
  readonly progress: Progress;
  readonly observers: Observers;
}

/** Most cycles that generated code runs at a stretch: the host optimises a function only when it is called again. */
const MOST_CYCLES = 200_000;
const IN_PAGE = 4095;
const PAGE_BYTES = 4096;
const HIGH = 2 ** 32;

/** Runs plain instructions of a hart as generated code, and keeps the books that the instruction unit keeps of the others. */
export class CompiledExecution implements CompiledClient {
  readonly #ports: CompiledExecutionPorts;
  readonly #filter: LineFilter;
  readonly #run: RunState;
  readonly #pc = new AddressHalves();
  #regimes: Regimes | undefined;
  #protection = -1;

  constructor(ports: CompiledExecutionPorts) {
    const { buffer, memoryOffset, filterOffset, mmu, code } = ports;
    this.#ports = ports;
    this.#filter = new LineFilter(buffer, filterOffset);
    this.#run = new RunState(buffer, memoryOffset);
    mmu.tlb.onEvict = ({ page }) => {
      const low = (page * PAGE_BYTES) % HIGH;
      this.#filter.dropPage(Math.floor((page * PAGE_BYTES) / HIGH), low);
    };
    mmu.tlb.onFlush = () => {
      this.#filter.flush();
    };
    code.add(this);
  }

  /**
   * Executes plain instructions for so many cycles at most, and says whether it may be called again at once; if not, the
   * next instruction is the instruction unit's.
   */
  run(cycles: number): boolean {
    const { state, code, memoryOffset, observers, progress } = this.#ports;
    const { instructionLimit, commitLog } = observers;
    if (commitLog !== undefined) return false;
    // An instruction takes a cycle at least.
    const retirable = (instructionLimit?.count ?? Infinity) - state.instret;
    const budget = Math.min(cycles, retirable, MOST_CYCLES);
    if (budget <= 0 || !this.#prepare()) return false;
    const before = state.pc;
    const reason = code.run(this, memoryOffset, budget);
    const retired = this.#account(budget);
    if (retired > 0) progress.retiredMany(retired, state.pc === before && this.#staysHere());
    if (reason === Exit.hot) code.heat(this.#run.get('entry'));
    if (reason === Exit.undecoded) code.pages.decodeAt(this.#run.get('entry'));
    return reason !== Exit.slow;
  }

  fill(high: number, low: number, bytes: number, isWrite: boolean): boolean {
    if ((low & (bytes - 1)) !== 0) return false;
    const { mmu, reservations, code } = this.#ports;
    const need = isWrite ? Need.write : Need.read;
    const entry = mmu.lookup(high, low, need, mmu.regimes.data);
    if (entry === undefined || entry.memoryOffset < 0) return false;
    const inPage = low & IN_PAGE;
    const offset = entry.memoryOffset + inPage;
    if (isWrite && code.pages.holdsCode(offset)) return false;
    if (isWrite && reservations.isReserved(entry.frame + inPage)) return false;
    this.#filter.add(isWrite ? 'write' : 'read', high, low, offset);
    return true;
  }

  dropLine(offset: number): void {
    this.#filter.dropLine(offset);
  }

  dropCode(): void {
    this.#filter.dropCode();
  }

  /** Makes everything ready that generated code starts from; `false` if the next instruction cannot be its. */
  #prepare(): boolean {
    const { state, account } = this.#ports;
    this.#enterContext();
    const { read, write, fetch } = this.#filter.settle();
    const { high, low } = this.#pc.set(state.pc);
    const base = this.#locate(high, low);
    if (base === 0) return false;
    if (!this.#lookBack(base, low & IN_PAGE)) return false;
    const run = this.#run;
    run.set('base', base);
    run.set('entry', this.#ports.code.pages.entryAt(base, low & IN_PAGE));
    run.set('readTable', read);
    run.set('writeTable', write);
    run.set('fetchTable', fetch);
    run.set('leaves', account.modeLeaves);
    return true;
  }

  #enterContext(): void {
    const { mmu, pmp } = this.#ports;
    if (this.#protection !== pmp.generation) {
      this.#protection = pmp.generation;
      this.#filter.flush();
    }
    const { regimes } = mmu;
    if (this.#regimes === regimes) return;
    this.#regimes = regimes;
    this.#filter.enter(regimes.data.contextKey, regimes.fetch.contextKey);
  }

  /** Where the entries of the page of the next instruction begin; 0 if somebody must translate its address first. */
  #locate(high: number, low: number): number {
    const known = this.#filter.codeAt(high, low);
    if (known !== 0) return known;
    const { mmu, code } = this.#ports;
    const { fetch } = mmu.regimes;
    const entry = mmu.lookup(high, low, Need.execute, fetch);
    if (entry === undefined || entry.memoryOffset < 0) return 0;
    const base = code.pages.entriesOf(entry.memoryOffset);
    this.#pinProbes(high, low, entry.memoryOffset);
    this.#filter.addCode(high, low, base);
    return base;
  }

  /** Exit handlers announce steps at certain instructions: those are the instruction unit's. */
  #pinProbes(high: number, low: number, page: number): void {
    const { probes, derived, code } = this.#ports;
    if (derived.mode !== 'U') return;
    const first = high * HIGH + low - (low & IN_PAGE);
    for (const address of probes.keys()) {
      if (address >= first && address < first + PAGE_BYTES) code.pages.pin(page, address - first);
    }
  }

  /** Finds the entries of the instructions that were last executed in line; `false` if code has changed since. */
  #lookBack(base: number, inPage: number): boolean {
    const { pipeline, code } = this.#ports;
    const { pages } = code;
    const [older = 0, previous = 0] = pipeline.history;
    const entries: [number, number] = [pages.noEntry, pages.noEntry];
    let place = inPage;
    for (const [index, word] of [previous, older].entries()) {
      if (word === 0) break;
      place -= instructionLength(word);
      if (place < 0) return false;
      const entry = pages.entryAt(base, place);
      if (pages.wordOf(entry) !== word) return false;
      entries[index] = entry;
    }
    this.#run.set('previous', entries[0]);
    this.#run.set('older', entries[1]);
    return true;
  }

  /** Books what generated code did with its cycles; the number of instructions that retired. */
  #account(budget: number): number {
    const { state, account, pipeline, code, observers } = this.#ports;
    const { pages } = code;
    const run = this.#run;
    const passed = budget - (run.get('left') | 0);
    const retired = passed - run.get('extra');
    account.passed(passed, retired);
    state.instret += retired;
    // No interlock looks back into another page.
    if (this.#pc.set(state.pc).low % PAGE_BYTES === 0) pipeline.refetch();
    else {
      pipeline.history[0] = pages.wordOf(run.get('older'));
      pipeline.history[1] = pages.wordOf(run.get('previous'));
    }
    const { instructionLimit: limit } = observers;
    if (limit !== undefined && state.instret >= limit.count) {
      observers.instructionLimit = undefined;
      limit.reached();
    }
    return retired;
  }

  #staysHere(): boolean {
    return this.#ports.code.pages.isSelfLoop(this.#run.get('entry'));
  }
}
