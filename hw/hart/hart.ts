import type { DvRules } from '../dv-ext/index.ts';
import { HART_STATE_BYTES, HartState, raise, TrapSignal } from '../engine/index.ts';
import {
  Cause,
  causeName,
  csrByAddress,
  decode,
  type Decoded,
  guardOutcome,
  hstatus,
  type InterruptName,
  interruptName,
  isVirtual,
  type Mode,
  modeLabel,
  type ModeLabel,
  mstatus,
  mie,
  mip,
  underlying,
  vsstatus,
} from '../isa/index.ts';
import type { Csr, CsrEffect, FieldReader } from '../isa/index.ts';
import type { Runner } from '../kernel/index.ts';
import { Pmp } from '../pmc/index.ts';
import { mechanismNumber, Pipeline, uncachedExtra, walkCycles } from '../timing/index.ts';
import { type Commit, formatCommit } from './commit-log.ts';
import { CsrFile } from './csr-file.ts';
import { CycleAccount } from './cycle-account.ts';
import { DecodeCache, type Prepared } from './decode-cache.ts';
import { Execution } from './execution.ts';
import { ExitRecorder, type ProbedStep } from './exit-recorder.ts';
import { type HartOptions, type HartPorts, pmcOptionsOf } from './hart-options.ts';
import { InterruptLines, ticksToGuestTimer } from './interrupt-lines.ts';
import { pendingInterrupt, wakesFromWfi } from './interrupt-selection.ts';
import { type MadeAccess, MemoryAccess } from './memory-access.ts';
import { faultCause, IMPLICIT_READ_INSTRUCTION, Mmu, type MmuFault } from './mmu/index.ts';
import { type HartStatus, Progress, type TrapRecord } from './progress.ts';
import { SystemUnit } from './system-unit.ts';
import { transformedInstruction } from './transformed-instruction.ts';
import { programPmp, translationState } from './translation-state.ts';
import { type ExceptionReport, TrapUnit } from './trap-unit.ts';

const { issue, wait, uncached, misaligned } = mechanismNumber;
const TRAP_ENTRY = mechanismNumber['trap-entry'];
const CSR_FLUSH = mechanismNumber['csr-flush'];
const WALK_1 = mechanismNumber['walk-stage-1'];
const WALK_2 = mechanismNumber['walk-stage-2'];

/** An address in two unsigned halves, changed in place. */
class AddressHalves {
  readonly #address = new BigUint64Array(1);
  readonly #words = new Uint32Array(this.#address.buffer);
  get low(): number {
    return this.#words[0] ?? 0;
  }
  get high(): number {
    return this.#words[1] ?? 0;
  }
  set(address: bigint): this {
    this.#address[0] = address;
    return this;
  }
}

/**
 * One hart: fetch, decode, guard, execute, account, interrupts. This file is the schematic; the parts are beside it. It is
 * run by the scheduler as a `Runner` and driven through its lines.
 */
export class Hart implements Runner {
  readonly state: HartState;
  readonly csrs: CsrFile;
  readonly mmu: Mmu;
  readonly pmp: Pmp;
  readonly account: CycleAccount;
  /** Every VM exit that this hart took. */
  readonly exits = new ExitRecorder();
  /** Where exit handlers announce a step: virtual addresses in HU mode. */
  readonly probes = new Map<number, ProbedStep>();
  /** Receives a line per retired instruction, as Spike's `--log-commits` prints it, while set. */
  commitLog: ((line: string) => void) | undefined;
  /** Told of every trap, while set. */
  onTrap: ((trap: TrapRecord) => void) | undefined;
  /** Called once, when `instret` reaches this; the owner stops the run. */
  instructionLimit: { readonly count: number; readonly reached: () => void } | undefined;

  readonly #options: HartOptions;
  readonly #ports: HartPorts;
  readonly #rules: DvRules | undefined;
  readonly #lines = new InterruptLines();
  readonly #trapUnit: TrapUnit;
  readonly #memory: MemoryAccess;
  readonly #system: SystemUnit;
  readonly #execution: Execution;
  readonly #pipeline: Pipeline;
  readonly #decodeCache: DecodeCache;
  readonly #progress = new Progress();
  readonly #readField: FieldReader = (csr, field) => this.csrs.field(csr as Csr, field);
  readonly #pc = new AddressHalves();
  readonly #next = new AddressHalves();
  readonly #link = new AddressHalves();

  #mode: Mode = 'M';
  #current: Decoded | undefined;
  #isWaiting = false;
  #boundCycle = 0;
  /** What CSR writes and mode changes have outdated. */
  #staleTranslation = true;
  #staleProtection = true;
  #staleInterrupts = true;
  #staleTimer = false;
  #cancelTimer: (() => void) | undefined;

  constructor(options: HartOptions, ports: HartPorts) {
    this.#options = options;
    this.#ports = ports;
    this.#rules = options.dvExt.rules;
    const { memory, memoryOffset, bus, reservations } = ports;
    const { features, selection, timing, misaligned: misalignedKnob } = options;
    this.state = new HartState(memory.buffer, memoryOffset);
    this.csrs = new CsrFile(this.state, features, {
      readTime: () => this.#now(),
      pendingLines: () => this.#lines.pending(this.csrs, this.#now(), this.#rules),
      guestExternalLines: () => this.#lines.guestExternal,
      onChange: (effects) => {
        this.#outdate(effects);
      },
    });
    this.pmp = new Pmp(pmcOptionsOf(options));
    this.account = new CycleAccount(this.state);
    this.#trapUnit = new TrapUnit(this.state, this.csrs, this.#rules);
    this.mmu = new Mmu(
      {
        bus,
        pmp: this.pmp,
        raise: (fault) => this.#raiseFault(fault),
        onWalk: (stage1, stage2) => {
          this.#chargeWalk(stage1, stage2);
        },
      },
      translationState(this.state, this.csrs),
    );
    this.#memory = new MemoryAccess({
      state: this.state,
      memory,
      bus,
      mmu: this.mmu,
      reservations,
      misaligned: misalignedKnob,
      onUncached: (latencyClass, direction) => {
        this.account.charge(uncached, uncachedExtra(timing, latencyClass, direction));
      },
      onMisaligned: () => {
        this.account.charge(misaligned, timing.misalignedAccess);
      },
    });
    this.#system = new SystemUnit({
      csrs: this.csrs,
      trapUnit: this.#trapUnit,
      mmu: this.mmu,
      hufence: this.#rules?.hufence ?? 'precise',
    });
    this.#execution = new Execution(this.state, this.#memory, this.#system);
    this.#pipeline = new Pipeline(
      timing,
      (word) => decode(word, selection),
      memory.buffer,
      memoryOffset + HART_STATE_BYTES,
    );
    this.#decodeCache = new DecodeCache(selection, this.#pipeline);
    reservations.add(this.state);
    this.reset(0n);
  }

  /** The hart's number. */
  get id(): number {
    return this.#options.features.hartId;
  }

  get localTime(): number {
    return this.state.cycle * this.#options.ticksPerCycle;
  }

  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  /** The mode under its label: U is HU while `hstatus.HU` is set. */
  get mode(): ModeLabel {
    return modeLabel(this.#mode, this.#rules !== undefined && this.#isHuEnabled());
  }

  /** What the hart is doing, for watchdogs and debuggers. */
  get status(): HartStatus {
    const { pc, cycle, instret } = this.state;
    const { lastTrap, trapsInARow, selfLoopCount } = this.#progress;
    return {
      id: this.id,
      mode: this.mode,
      pc,
      cycle,
      instret,
      isWaiting: this.#isWaiting,
      enabled: this.csrs.stored(mie),
      pending: this.csrs.read(mip),
      lastTrap,
      trapsInARow,
      selfLoopCount,
    };
  }

  /** Power-on: M mode at `pc`, registers and counters zero, nothing cached. Line levels stay as they are driven. */
  reset(pc: bigint): void {
    const { state } = this;
    state.x.fill(0n);
    state.pc = pc;
    state.cycle = 0;
    state.instret = 0;
    state.privilege = 3;
    state.virtual = false;
    this.#ports.reservations.release(state);
    this.csrs.reset();
    this.mmu.tlb.flush();
    this.#pipeline.reset();
    this.#progress.reset();
    this.exits.reset();
    this.account.tree.reset();
    this.#isWaiting = false;
    this.#outdate(['translation', 'protection', 'interrupts', 'timer']);
    this.#settle();
  }

  /** Raises or lowers an interrupt line at the present time of the machine. */
  setLine(line: InterruptName, level: boolean): void {
    if (this.#lines.set(line, level)) this.#staleInterrupts = true;
  }

  /** Raises or lowers the line of a guest external interrupt, numbered from 1. */
  setGuestExternalLine(number: number, level: boolean): void {
    if (this.#lines.setGuestExternal(number, level)) this.#staleInterrupts = true;
  }

  runUntil(tick: number): void {
    this.#boundCycle = Math.ceil(tick / this.#options.ticksPerCycle);
    // Registers may have been changed from outside since the last slice.
    this.#settle();
    while (this.state.cycle < this.#boundCycle && !this.#isWaiting) {
      try {
        this.#runFreely();
      } catch (signal) {
        if (!(signal instanceof TrapSignal)) throw signal;
        this.#takeException(signal);
      }
    }
  }

  shorten(tick: number): void {
    this.#boundCycle = Math.min(this.#boundCycle, Math.ceil(tick / this.#options.ticksPerCycle));
  }

  wake(tick: number): void {
    if (!this.#isWaiting) return;
    const cycle = Math.ceil(tick / this.#options.ticksPerCycle);
    // The time until now has been waited whatever comes of it, and a timer can only be judged at the present.
    if (cycle > this.state.cycle) this.account.charge(wait, cycle - this.state.cycle);
    if (!wakesFromWfi(this.csrs)) return;
    this.#isWaiting = false;
    this.#staleInterrupts = true;
  }

  #runFreely(): void {
    const { state } = this;
    while (state.cycle < this.#boundCycle && !this.#isWaiting) {
      if (this.#staleInterrupts) {
        this.#staleInterrupts = false;
        const interrupt = pendingInterrupt(this.csrs, this.#mode, this.#rules);
        if (interrupt !== undefined) {
          this.#takeTrap(interrupt);
          continue;
        }
      }
      this.#step();
    }
  }

  /** Executes one instruction; an exception leaves it early, with no effect but the time it took. */
  #step(): void {
    const { state } = this;
    const pc = state.pc;
    const { low, high } = this.#pc.set(pc);
    this.#current = undefined;
    if (this.exits.isHandling && this.probes.size > 0) this.#probe(high, low);
    const word = this.#memory.fetch(high, low);
    const prepared = this.#decodeCache.prepare(low, word);
    if (prepared === undefined) raise(Cause.illegalInstruction, BigInt(word));
    const { decoded, timed } = prepared;
    this.#current = decoded;
    if (prepared.isGuarded) this.#guard(decoded);
    const stall = this.#pipeline.stallBefore(timed);
    if (stall.cycles > 0) this.account.charge(stall.leaf, stall.cycles);
    const extra =
      timed.dynamic === 'operands'
        ? this.#pipeline.operandExtra(
            decoded,
            state.x[decoded.rs1] ?? 0n,
            state.x[decoded.rs2] ?? 0n,
          )
        : 0;
    const before = state.cycle;
    if (this.commitLog === undefined) prepared.execute(decoded, this.#execution);
    else this.#executeLogged(prepared, pc, this.commitLog);
    state.instret += 1;
    this.account.charge(issue, 1);
    this.#accountFor(prepared, pc, extra);
    if (prepared.isSystem) this.#finishSystem(before);
    if (this.instructionLimit !== undefined) this.#checkLimit();
  }

  #executeLogged(prepared: Prepared, pc: bigint, log: (line: string) => void): void {
    const { state, id } = this;
    const { decoded, word } = prepared;
    const { privilege, virtual } = state;
    const accesses: MadeAccess[] = [];
    this.#memory.log = accesses;
    try {
      prepared.execute(decoded, this.#execution);
    } finally {
      this.#memory.log = undefined;
    }
    const { rd } = decoded;
    const register = rd === 0 ? undefined : { number: rd, value: state.x[rd] ?? 0n };
    const csrs = this.#loggedCsrs(virtual);
    log(formatCommit({ hartId: id, privilege, pc, word, register, csrs, accesses }));
  }

  /** The CSRs that the instruction changed, under the names that own the bits. */
  #loggedCsrs(virtual: boolean): Commit['csrs'] {
    const { returned, writtenCsr } = this.#system;
    let csr: Csr | undefined;
    if (returned !== undefined) csr = virtual ? vsstatus : mstatus;
    else if (writtenCsr !== undefined) csr = csrByAddress.get(writtenCsr);
    if (csr === undefined) return [];
    const owner = underlying((virtual ? csr.virtual : undefined) ?? csr);
    return [{ address: owner.address, name: owner.name, value: this.csrs.read(owner) }];
  }

  /** Books what the instruction cost besides its issue, and tells the pipeline where it led. */
  #accountFor({ decoded, timed }: Prepared, pc: bigint, operandExtra: number): void {
    const { state } = this;
    const next = state.pc;
    const follows = next === pc + BigInt(decoded.length);
    let extra = timed.fixedExtra + operandExtra;
    if (timed.dynamic === 'transfer') {
      extra += this.#pipeline.transferExtra(
        decoded,
        this.#pc,
        this.#next.set(next),
        this.#link.set(pc + BigInt(decoded.length)),
      );
    }
    if (extra > 0) this.account.charge(timed.fixedLeaf, extra);
    if (follows) this.#pipeline.fallThrough(decoded.word);
    else this.#pipeline.refetch();
    this.#progress.retired(next === pc);
  }

  /** What only system instructions can do: write CSRs, change the mode, wait. */
  #finishSystem(before: number): void {
    const { flushes, returned, waits } = this.#system;
    if (flushes) {
      this.account.charge(CSR_FLUSH, this.#options.timing.csrWriteFlush);
      this.#pipeline.refetch();
    }
    this.#system.clear();
    this.#settle();
    if (returned !== undefined) {
      this.#ports.reservations.release(this.state);
      const { vmid } = this.mmu.regimes.guest;
      const after = this.state.cycle;
      if (isVirtual(returned.to) && !isVirtual(returned.from)) {
        this.exits.entered({ vmid, before, after });
      } else this.exits.continued(vmid, this.mode, after);
    }
    if (waits && !wakesFromWfi(this.csrs)) this.#isWaiting = true;
  }

  #guard(decoded: Decoded): void {
    const refusal = guardOutcome(decoded.guard, this.#mode, this.#readField);
    if (refusal === undefined) return;
    const cause = refusal === 'virtual' ? Cause.virtualInstruction : Cause.illegalInstruction;
    raise(cause, BigInt(decoded.word));
  }

  #takeException(signal: TrapSignal): void {
    const { cause, tval, gva, gpa, tinst } = signal;
    this.#system.clear();
    this.#memory.splitAddress = undefined;
    this.#takeTrap({ cause, tval, gva, gpa, tinst });
  }

  /** Takes an exception, or the interrupt of a number. */
  #takeTrap(source: ExceptionReport | number): void {
    const { pc, cycle: before } = this.state;
    const { vmid } = this.mmu.regimes.guest;
    const trap = this.#trapUnit.enter(source);
    this.account.charge(TRAP_ENTRY, this.#options.timing.trapEntry);
    this.#pipeline.refetch();
    this.#ports.reservations.release(this.state);
    this.#staleTranslation = true;
    this.#staleInterrupts = true;
    this.#settle();
    const after = this.state.cycle;
    if (isVirtual(trap.from) && trap.to !== 'VS') {
      const name = trap.isInterrupt ? interruptName : causeName;
      this.exits.left({ handler: trap.to, cause: name(trap.cause), vmid, before, after });
    } else if (trap.isInterrupt) this.exits.interrupted(before);
    const record = { ...trap, pc, cycle: before };
    this.#progress.trapped(record);
    this.onTrap?.(record);
  }

  #raiseFault(fault: MmuFault): never {
    const { kind, access, address, isGuestVirtual, guestAddress, implicit } = fault;
    return raise(faultCause(kind, access), address, {
      gva: isGuestVirtual,
      gpa: guestAddress ?? 0n,
      tinst: implicit ? IMPLICIT_READ_INSTRUCTION : this.#transformed(fault),
    });
  }

  #transformed({ access, address }: MmuFault): bigint {
    if (this.#rules?.tinst !== 'on' || access === 'fetch' || this.#current === undefined) return 0n;
    const start = this.#memory.splitAddress ?? address;
    return transformedInstruction(this.#current, Number(address - start));
  }

  #outdate(effects: readonly CsrEffect[]): void {
    for (const effect of effects) {
      if (effect === 'translation') this.#staleTranslation = true;
      else if (effect === 'protection') this.#staleProtection = true;
      else if (effect === 'interrupts') this.#staleInterrupts = true;
      else this.#staleTimer = true;
    }
  }

  /** Brings everything that was derived from CSRs and mode up to date. */
  #settle(): void {
    const mode = this.#trapUnit.mode;
    if (mode !== this.#mode) {
      this.#mode = mode;
      this.#staleTranslation = true;
      this.#staleInterrupts = true;
    }
    if (this.#staleProtection) {
      this.#staleProtection = false;
      programPmp(this.pmp, this.csrs);
    }
    if (this.#staleTranslation) {
      this.#staleTranslation = false;
      this.mmu.enter(translationState(this.state, this.csrs));
      this.account.enter(this.mode);
    }
    if (this.#staleTimer) this.#armTimer();
  }

  /** Lets the guest timer's expiry interrupt the run, or the wait. */
  #armTimer(): void {
    this.#staleTimer = false;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const now = this.#now();
    const ticks = ticksToGuestTimer(this.csrs, now, this.#rules);
    if (ticks === undefined) return;
    const expiry = this.#ports.tickOf(now + ticks);
    if (!Number.isSafeInteger(expiry)) return;
    this.#cancelTimer = this.#ports.schedule(expiry, () => {
      this.#cancelTimer = undefined;
      this.#staleInterrupts = true;
      this.wake(expiry);
    });
  }

  #chargeWalk(stage1Reads: number, stage2Reads: number): void {
    const { stage1, stage2 } = walkCycles(this.#options.timing, stage1Reads, stage2Reads);
    this.account.charge(WALK_1, stage1);
    this.account.charge(WALK_2, stage2);
  }

  #probe(high: number, low: number): void {
    const step = this.probes.get(high * 2 ** 32 + low);
    if (step !== undefined && this.#mode === 'U') this.exits.reached(step, this.state.cycle);
  }

  #checkLimit(): void {
    const limit = this.instructionLimit;
    if (limit === undefined || this.state.instret < limit.count) return;
    this.instructionLimit = undefined;
    limit.reached();
  }

  #now(): bigint {
    return this.#ports.timeAt(this.localTime);
  }

  #isHuEnabled(): boolean {
    return this.csrs.field(hstatus, 'hu') !== 0n;
  }
}
