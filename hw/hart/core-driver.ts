import type { HartState } from '../engine/index.ts';
import { type Decoded, PAGE_BYTES, PAGE_SHIFT } from '../isa/index.ts';
import type { BusPort, Checkpointed, RamWindow } from '../kernel/index.ts';
import type { Pmp } from '../pmc/index.ts';
import {
  alwaysHitting,
  arithmeticCycles,
  arithmeticOperation,
  CachedSide,
  ControlWords,
  Core,
  type CoreMemory,
  type DataAddress,
  dividerOperands,
  isUncached,
  LINE_BYTES,
  mechanismNumber,
  type Executed,
  type FenceScope,
  type MemorySide,
  PresentSurroundings,
  RememberingCore,
  type SavedCore,
  type StateArea,
  type TimingParameters,
  UNDECODED,
  WalkNumberPlace,
  WalkPlace,
} from '../timing/index.ts';
import type { CodeWords } from './code-words.ts';
import { CoreContexts } from './core-contexts.ts';
import { CoreState } from './core-state.ts';
import type { CycleAccount } from './cycle-account.ts';
import type { MemoryAccess } from './memory-access.ts';
import { type Mmu, Need, type Regime, type Tlb } from './mmu/index.ts';
import type { PauseTimer } from './pause-timer.ts';

/** What the driver is wired to. */
export interface CoreDriverPorts {
  readonly state: HartState;
  readonly account: CycleAccount;
  readonly bus: BusPort;
  readonly timing: TimingParameters;
  readonly memory: Pick<MemoryAccess, 'locateCode' | 'peek'>;
  readonly mmu: Mmu;
  /** Caches and TLBs; without them everything hits. */
  readonly caches: CoreMemory | undefined;
  readonly pmp: Pmp;
  readonly decode: (word: number) => Decoded | undefined;
  /** With the words of code of the machine the core remembers the ways that it has gone. */
  readonly codeWords: CodeWords | undefined;
  readonly pauses: PauseTimer;
  /** Room for the ways, in the machine's memory. */
  readonly paths: StateArea | undefined;
  /** Where the predictors and what is around them keep their state. */
  readonly area: StateArea;
}

const TRAP_ENTRY = mechanismNumber['trap-entry'];

const HIGH = 2 ** 32;
/** Virtual addresses of the core have 40 bits, the highest a sign. */
const HIGH_BITS = 0xff;
const SIGN = 0x80;
const SIGN_EXTENSION = 0xffff_ff00;

/** Every store-conditional is of so many bytes. */
const CONDITIONAL_BYTES = 4;

const HIGH_PAGES = 2 ** 20;

function pageOf(high: number, low: number): number {
  return high * HIGH_PAGES + (low >>> PAGE_SHIFT);
}

function isTranslated({ stage1, stage2 }: Regime): boolean {
  return stage1 !== undefined || stage2 !== undefined;
}

/** The high half of an address of the core. */
function highOf(pc: number): number {
  const high = Math.floor(pc / HIGH);
  return (high & SIGN) === 0 ? high : (high | SIGN_EXTENSION) >>> 0;
}

function addressOf(high: number, low: number): number {
  return (high & HIGH_BITS) * HIGH + low;
}

/** An access, and an instruction, that the driver is told of piece by piece. */
type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Tells the model of the core, stage by stage, what a hart executes, and the hart how long it took. */
export class CoreDriver implements Checkpointed<SavedCore> {
  /** The instruction in hand has gone through the pipeline already. */
  hasCommitted = false;
  readonly #ports: CoreDriverPorts;
  readonly #core: Core | RememberingCore;
  readonly #state: CoreState;
  readonly #side: MemorySide;
  readonly #contexts: CoreContexts;
  readonly #address: Writable<DataAddress> = {
    virtual: 0,
    page: 0,
    physical: 0,
    latencyClass: undefined,
    isForGuest: false,
    keepsLine: false,
    traps: false,
  };
  readonly #executed: Writable<Executed> = { ...UNDECODED };
  #hasAccess = false;
  /** The instruction in hand has tried to access memory, and needs something there. */
  #triesAccess = false;
  #need: Need = Need.read;
  #pcHigh = 0;
  #pcLow = 0;
  /** The store-conditional in hand was told that it comes too late. */
  #cameLate = false;
  /** Where generated code accesses memory, and where it did last. */
  readonly #windows: RamWindow[] = [];
  #window: RamWindow | undefined;

  constructor(ports: CoreDriverPorts) {
    const { account, memory, mmu, timing, caches } = ports;
    this.#ports = ports;
    this.#state = new CoreState(timing, ports.area);
    const { predictors, stores } = this.#state;
    const side = caches ? this.#sideOf(caches) : alwaysHitting(timing);
    this.#side = side;
    this.#contexts = new CoreContexts(mmu, ports.pmp);
    const views = new ControlWords(ports.decode);
    const present = new PresentSurroundings({
      ...{ predictors, stores, side, views },
      address: this.#address,
      isLate: (cycle) => this.#isLate(cycle),
      untilWrap: (cycle) => ports.pauses.untilWrap(cycle - ports.state.cycle),
    });
    const core = {
      views,
      targetEntries: timing.branchTargetEntries,
      charge: (mechanism: number, cycles: number) => {
        if (mechanism === TRAP_ENTRY) {
          account.chargeTo(this.#state.left[0] ?? 0, TRAP_ENTRY, cycles);
        } else account.charge(mechanism, cycles);
      },
    };
    const { codeWords, paths } = ports;
    if (codeWords === undefined || paths === undefined) {
      const read = (pc: number): number => {
        const physical = this.#locate(pc);
        return physical < 0 ? 0 : memory.peek(physical);
      };
      this.#core = new Core({ ...core, read, around: present });
      return;
    }
    codeWords.listen(() => {
      this.#forget();
    });
    this.#core = new RememberingCore({
      ...core,
      present,
      side,
      targets: predictors.targets,
      history: predictors.history,
      read: (pc) => this.#readCode(pc, codeWords),
      pageOf: (pc) => (isTranslated(mmu.regimes.fetch) ? Math.floor(pc / PAGE_BYTES) : 0),
      context: () => this.#contexts.number,
      walk: this.#state.walk,
      area: paths,
      parameters: timing,
    });
    this.#link();
  }

  /** Says where generated code finds what the core asks. */
  #link(): void {
    const { walk, predictors, stores } = this.#state;
    const { targets, history, returns } = predictors;
    const { changes, order, ...index } = targets.places;
    const { place: historyPlace, ...histories } = history.places;
    const { words: storeWords, masks: storeMasks } = stores.places;
    walk.link({ targetChanges: changes, targetOrder: order, historyPlace, ...histories });
    walk.link({ storeWords, storeMasks, ...index, ...returns.places });
    const { caches } = this.#ports;
    if (caches === undefined) return;
    const { recent, order: pageOrder, largeOrder: largePageOrder } = caches.dataTranslations;
    const { sets, ...data } = caches.data.places;
    walk.link({ recentPages: recent, pageOrder, largePageOrder, lastSet: sets - 1, ...data });
  }

  /** The ways that the core has gone, if it remembers them. */
  get knownPaths(): RememberingCore['paths'] | undefined {
    return this.#core instanceof RememberingCore ? this.#core.paths : undefined;
  }

  /** Generated code is about to run. */
  prepare(): void {
    const { words } = this.#state.walk;
    words[WalkPlace.isVirtual] = this.#ports.mmu.regimes.data.virtual ? 1 : 0;
    if (this.#core instanceof RememberingCore) this.#core.prepare();
  }

  /** The word of code at a virtual address, which is to be known when it changes. */
  #readCode(pc: number, codeWords: CodeWords): number | undefined {
    const { bus, memory } = this.#ports;
    const physical = this.#locate(pc);
    if (physical < 0) return undefined;
    this.#contexts.reads(pc);
    const window = bus.ram(physical);
    if (window !== undefined) codeWords.add(window.offset + physical - window.base);
    return memory.peek(physical);
  }

  #sideOf(memory: CoreMemory): CachedSide {
    const { mmu, timing } = this.#ports;
    const dataRegime = (isForGuest: boolean): Regime => {
      const { guest, data } = mmu.regimes;
      return isForGuest ? guest : data;
    };
    return new CachedSide(
      {
        parameters: timing,
        memory,
        locate: (pc) => {
          return { page: pageOf(highOf(pc), pc >>> 0), physical: this.#locate(pc) };
        },
        recordFetchWalk: (page) => mmu.recordWalk(page, Need.execute, mmu.regimes.fetch),
        recordDataWalk: (page, isForGuest) => {
          const need = this.#address.traps ? this.#need : Need.read;
          return mmu.recordWalk(page, need, dataRegime(isForGuest));
        },
        translatesData: (isForGuest) => isTranslated(dataRegime(isForGuest)),
        translatesFetches: () => isTranslated(mmu.regimes.fetch),
        // With MPRV they differ.
        dataAreVirtual: (isForGuest) => dataRegime(isForGuest).virtual,
        fetchesAreVirtual: () => mmu.regimes.fetch.virtual,
      },
      this.#state.side,
    );
  }

  /** Where a virtual address is fetched from, negative if nowhere. */
  #locate(pc: number): number {
    return this.#ports.memory.locateCode(highOf(pc), pc >>> 0);
  }

  /** A fence of translations; `forgetsTables` if it is one of all addresses, or of stage 2. */
  fence(scope: FenceScope, forgetsTables: boolean): void {
    this.#ports.caches?.fence(scope, forgetsTables);
    if (this.#core instanceof RememberingCore) this.#core.outdate();
  }

  /** Lets a TLB say which translations are gone, besides whom it tells already. */
  listenTo(tlb: Tlb): void {
    if (this.#ports.codeWords === undefined) return;
    const { onEvict, onFlush } = tlb;
    tlb.onEvict = (entry) => {
      onEvict?.(entry);
      if (this.#contexts.forgets(entry.page)) this.#forget();
    };
    tlb.onFlush = () => {
      onFlush?.();
      if (this.#contexts.forgets(undefined)) this.#forget();
    };
  }

  /** Code, or where it is, has changed. */
  #forget(): void {
    if (this.#core instanceof RememberingCore) this.#core.forget();
  }

  save(): SavedCore {
    return this.#core.save();
  }

  restore(saved: SavedCore): void {
    this.#core.restore(saved);
    this.hasCommitted = false;
  }

  /** Power-on. */
  reset(): void {
    this.#state.reset();
    this.#core.reset();
    this.#side.reset();
    this.#ports.caches?.reset();
    this.hasCommitted = false;
  }

  /** The instruction that executes next, at an address, has made no access yet. */
  begin(pcHigh: number, pcLow: number): void {
    this.hasCommitted = false;
    this.#hasAccess = false;
    this.#triesAccess = false;
    this.#pcHigh = pcHigh;
    this.#pcLow = pcLow;
  }

  /** Whether a store-conditional that is decided in a cycle comes too late for its reservation (rocket-chip, DCache.scala, lrscCount). */
  #isLate(cycle: number): boolean {
    const { state, timing } = this.#ports;
    const most = timing.reservationCycles;
    this.#cameLate = most > 0 && cycle - state.reservedCycle > most;
    return this.#cameLate;
  }

  /**
   * Lets a store-conditional commit before it does anything, since when that is decides whether it stores: whether it comes in time.
   * `holds` if it has a reservation.
   */
  commitConditional(holds: boolean): boolean {
    const pcLow = this.#pcLow;
    const pcHigh = this.#pcHigh;
    const behind = pcLow + CONDITIONAL_BYTES;
    this.#cameLate = false;
    this.commit({
      ...{ pcHigh, pcLow, isTaken: false, fails: !holds, operands: 0 },
      nextHigh: behind >= HIGH ? pcHigh + 1 : pcHigh,
      nextLow: behind >>> 0,
    });
    return !this.#cameLate;
  }

  /** An access will be made, unless it traps; in the name of a guest or not. */
  tries(high: number, low: number, need: Need, isForGuest: boolean): void {
    const address = this.#address;
    address.virtual = low;
    address.page = pageOf(high, low);
    address.isForGuest = isForGuest;
    this.#need = need;
    this.#triesAccess = true;
  }

  /** An access was made, in the name of a guest or not. */
  accessed(high: number, low: number, physical: number, isForGuest: boolean): void {
    const address = this.#address;
    address.virtual = low;
    address.page = pageOf(high, low);
    address.physical = physical;
    address.isForGuest = isForGuest;
    address.latencyClass = this.#ports.bus.latencyOf(physical);
    this.#hasAccess = true;
  }

  /** A CBO was carried out on the block at a physical address, which stays where it is or not. */
  managed(high: number, low: number, physical: number, keeps: boolean): void {
    this.accessed(high, low, physical, false);
    this.#address.keepsLine = keeps;
  }

  /**
   * What the time of an instruction depends on, as its operands are before it: cycles of a multiplication or division, the kind of
   * the operands of one of floating-point numbers; 0 of any other.
   */
  operandsOf(decoded: Decoded): number {
    const { f, x } = this.#ports.state;
    const { instruction, rs1, rs2, frs1, frs2 } = decoded;
    const { timing } = instruction;
    const operation = arithmeticOperation(instruction);
    if (operation !== undefined) {
      const parameters = this.#ports.timing;
      return arithmeticCycles(parameters, operation, x[rs1] ?? 0n, x[rs2] ?? 0n);
    }
    const isSquareRoot = timing.startsWith('floatSquareRoot');
    if (!isSquareRoot && !timing.startsWith('floatDivide')) return 0;
    const [first = 0n, second = 0n] = [f[frs1], f[frs2]];
    return dividerOperands(timing.endsWith('Double'), isSquareRoot, first, second);
  }

  /** Generated code will access main memory around a physical address. */
  reaches(physical: number): void {
    const window = this.#ports.bus.ram(physical);
    if (window !== undefined && !this.#windows.includes(window)) this.#windows.push(window);
  }

  /** Whether a line of the machine's memory holds words of code that somebody remembers. */
  holdsCode(offset: number): boolean {
    return this.#ports.codeWords?.holds(offset) === true;
  }

  /**
   * Lets an instruction commit that generated code has executed; `addresses` are halves: its own, the next one's, that of its access.
   * `host` and `variant` are those of `CompiledClient.commit`; the result are the cycles that passed.
   */
  commitDirect(addresses: Uint32Array, host: number, variant: number): number {
    const { state } = this.#ports;
    const { cycle } = state;
    const executed = this.#executed;
    executed.pc = addressOf(addresses[1] ?? 0, addresses[0] ?? 0);
    executed.nextPc = addressOf(addresses[3] ?? 0, addresses[2] ?? 0);
    executed.isTaken = (variant & 1) !== 0;
    executed.hasAccess = host !== 0;
    executed.fails = false;
    executed.operands = variant >>> 1;
    executed.traps = false;
    executed.retires = true;
    executed.isInterrupted = false;
    if (host !== 0) this.#accessedDirectly(addresses[5] ?? 0, addresses[4] ?? 0, host);
    this.#core.commit(executed, cycle);
    return state.cycle - cycle;
  }

  /** Does what an action of the path of such an instruction says, or asks its question. */
  performDirect(addresses: Uint32Array, host: number, action: number): number {
    if (host !== 0) this.#accessedDirectly(addresses[5] ?? 0, addresses[4] ?? 0, host);
    return this.#core instanceof RememberingCore ? this.#core.perform(action) : 0;
  }

  #accessedDirectly(high: number, low: number, host: number): void {
    const address = this.#address;
    address.virtual = low;
    address.page = pageOf(high, low);
    let window = this.#window;
    if (window === undefined || host < window.offset || host >= window.offset + window.size) {
      window = this.#windows.find(({ offset, size }) => host >= offset && host < offset + size);
      if (window === undefined) throw new Error('generated code reached where it may not');
      this.#window = window;
      this.#linkWindow(window);
    }
    address.physical = window.base + host - window.offset;
    address.latencyClass = window.latency;
    address.isForGuest = false;
  }

  /** Lets generated code tell the line of an access by itself, in this window and those around it that lie as far from their addresses. */
  #linkWindow({ base, offset, latency }: RamWindow): void {
    const { words, numbers } = this.#state.walk;
    const alike = this.#windows.filter((window) => {
      return window.base - window.offset === base - offset && window.latency === latency;
    });
    const first = Math.min(...alike.map((window) => window.offset));
    const end = Math.max(...alike.map((window) => window.offset + window.size));
    const address = first + base - offset;
    // A window may begin inside a line, behind registers of a device; before it is the same memory.
    const inLine = address & (LINE_BYTES - 1);
    words[WalkPlace.windowStart] = first - inLine;
    words[WalkPlace.windowBytes] = isUncached(latency) ? 0 : end - first + inLine;
    numbers[WalkNumberPlace.firstLine] = (address - inLine) / LINE_BYTES;
  }

  /** Lets an instruction commit. */
  commit(what: {
    readonly pcHigh: number;
    readonly pcLow: number;
    readonly nextHigh: number;
    readonly nextLow: number;
    readonly isTaken: boolean;
    /** A store-conditional without a reservation. */
    readonly fails: boolean;
    readonly operands: number;
  }): void {
    const executed = this.#executed;
    executed.pc = addressOf(what.pcHigh, what.pcLow);
    executed.nextPc = addressOf(what.nextHigh, what.nextLow);
    executed.isTaken = what.isTaken;
    executed.hasAccess = this.#hasAccess;
    executed.fails = this.#hasAccess && what.fails;
    executed.operands = what.operands;
    executed.traps = false;
    executed.retires = true;
    executed.isInterrupted = false;
    const { state } = this.#ports;
    this.#core.commit(executed, state.cycle);
    this.hasCommitted = true;
    this.#state.deviceStore.commit(state.cycle);
  }

  /** A device is written by the instruction in hand, which commits later. */
  storedToDevice(): void {
    this.#state.deviceStore.begin(this.#ports.state.cycle, this.hasCommitted);
  }

  /** When a line changes that is told to do so in a cycle: if that is on the way of a store to a device, with its commit. */
  cycleOfChange(cycle: number): number {
    return this.#state.deviceStore.cycleOfChange(cycle);
  }

  /** For how many cycles the instruction at the program counter has been behind decode. */
  get age(): number {
    const { pcHigh, pcLow } = this.#ports.state;
    return this.#core.ageOf(addressOf(pcHigh, pcLow));
  }

  /** Lets the cycles pass, up to one, in which it has not left decode. */
  linger(until: number): void {
    const { state } = this.#ports;
    this.#core.linger(addressOf(state.pcHigh, state.pcLow), until, state.cycle);
  }

  /** The instruction at the program counter takes a trap, and counts as retired or not, or an interrupt comes in its place. */
  trap(isInterrupt: boolean, retires: boolean): void {
    const { state, account } = this.#ports;
    const { pcHigh, pcLow, cycle } = state;
    this.#state.left[0] = account.payer;
    if (isInterrupt || !this.hasCommitted) {
      const executed = this.#executed;
      executed.pc = addressOf(pcHigh, pcLow);
      executed.nextPc = executed.pc;
      executed.isTaken = false;
      executed.hasAccess = this.#triesAccess && !isInterrupt;
      executed.fails = false;
      executed.operands = 0;
      executed.traps = true;
      executed.retires = retires;
      executed.isInterrupted = isInterrupt;
      this.#address.traps = true;
      this.#core.commit(executed, cycle);
      this.#address.traps = false;
    }
    this.#core.redirectToTrap();
  }
}
