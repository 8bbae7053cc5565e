import { map, merge, share, type Observable } from 'rxjs';
import type { MeasuredRegion, Verdict } from '../hw/devices/index.ts';
import type { Hart } from '../hw/hart/index.ts';
import {
  Statistics,
  type Circuit,
  type MachineMemory,
  type RunOutcome,
  type Scheduler,
} from '../hw/kernel/index.ts';
import type { Bus, Memory } from '../hw/memory/index.ts';
import { ConsolePosition } from './checkpoint/console-position.ts';
import { MachineState } from './checkpoint/machine-state.ts';
import type { MemoryModel } from '../hw/timing/index.ts';
import { loadSegments } from './boot/load-segments.ts';
import type { Segment } from './images/elf.ts';
import { imageError } from './images/image-error.ts';
import type { SymbolTable } from './images/symbol-table.ts';
import { countDeviceAccesses } from './device-counts.ts';
import type { Platform } from './platform.ts';
import { registerStatistics } from './machine-statistics.ts';
import { formatAddress } from './source/quantity.ts';
import type { TimeBase } from './time-base.ts';

/** Why a machine stopped by itself. */
export type StopReason =
  ({ readonly kind: 'verdict' } & SoftwareVerdict) | { readonly kind: 'instructions' };

/** A byte that left the machine through a console. */
export interface ConsoleByte {
  readonly device: string;
  readonly byte: number;
}

/** What software said about its own run, and through which device. */
export interface SoftwareVerdict {
  readonly device: string;
  readonly verdict: Verdict;
}

/** The blocks that `elaborate` built. */
export interface MachineParts {
  readonly platform: Platform;
  readonly memory: MachineMemory;
  /** Names of areas of `memory` that are state from the first byte to the last. */
  readonly stateAreas: readonly string[];
  readonly scheduler: Scheduler<StopReason>;
  readonly clocks: TimeBase;
  readonly circuit: Circuit;
  readonly bus: Bus;
  readonly memories: readonly Memory[];
  readonly harts: readonly Hart[];
  /** Caches, TLBs and memory, where they are modelled. */
  readonly caches: MemoryModel | undefined;
  /** Keeps the instruction at a physical address out of translations; absent where nothing is translated. */
  readonly keepUntranslated: ((address: number) => void) | undefined;
}

/** An elaborated machine: load it, run it, look at it. */
export class Machine {
  readonly platform: Platform;
  readonly harts: readonly Hart[];
  readonly bus: Bus;
  readonly circuit: Circuit;
  readonly memories: readonly Memory[];
  readonly statistics = new Statistics();
  /** Bytes that software writes to any console. */
  readonly console$: Observable<ConsoleByte>;
  /** What software says about its own run. */
  readonly verdict$: Observable<SoftwareVerdict>;
  /** Regions that software measured and reported. */
  readonly region$: Observable<MeasuredRegion>;
  /** All state, for `saveCheckpoint` and `restoreCheckpoint`. */
  readonly checkpoint: MachineState;
  readonly #consolePosition: ConsolePosition;
  readonly #overlays: Record<string, number> = {};
  readonly #scheduler: Scheduler<StopReason>;
  readonly #clocks: TimeBase;
  readonly #keepUntranslated: MachineParts['keepUntranslated'];

  constructor(parts: MachineParts) {
    this.platform = parts.platform;
    this.harts = parts.harts;
    this.bus = parts.bus;
    this.circuit = parts.circuit;
    this.memories = parts.memories;
    this.#scheduler = parts.scheduler;
    this.#clocks = parts.clocks;
    this.#keepUntranslated = parts.keepUntranslated;
    this.console$ = this.#streams<ConsoleByte>('out', (device, byte) => ({
      device,
      byte: byte as number,
    }));
    this.verdict$ = this.#streams<SoftwareVerdict>('verdict', (device, verdict) => ({
      device,
      verdict: verdict as Verdict,
    }));
    this.region$ = this.#streams('region', (_device, region) => region as MeasuredRegion);
    this.verdict$.subscribe(({ device, verdict }) => {
      this.#scheduler.stop({ kind: 'verdict', verdict, device });
    });
    registerStatistics(this, parts.caches);
    countDeviceAccesses(this.bus, this.circuit.components, this.statistics);
    this.#consolePosition = new ConsolePosition(this.console$);
    this.checkpoint = new MachineState({
      memory: parts.memory,
      queue: parts.scheduler.queue,
      harts: this.harts,
      areas: parts.stateAreas,
      parts: {
        circuit: this.circuit,
        console: this.#consolePosition,
        statistics: this.statistics,
      },
    });
  }

  /** The present in cycles of the core clock: every hart has come as far, some may be ahead by an instruction. */
  get presentCycle(): number {
    return this.#clocks.core.cycleAt(this.#scheduler.queue.now);
  }

  /** How many bytes each console has been sent since reset. */
  get consolePosition(): Readonly<Record<string, number>> {
    return this.#consolePosition.save();
  }

  /** Addresses of devices that were laid over memory, by symbol. */
  get overlays(): Readonly<Record<string, number>> {
    return { ...this.#overlays };
  }

  /** How far the machine has come, in cycles of the core clock: the present, or the hart that is ahead of it. */
  get cycle(): number {
    return Math.max(this.presentCycle, ...this.harts.map(({ state }) => state.cycle));
  }

  /** Whether nothing is left that could change an interrupt line by itself. */
  get hasNoEvents(): boolean {
    return this.#scheduler.queue.nextTime === Infinity;
  }

  /** Instructions retired by all harts. */
  get instructionCount(): number {
    return this.harts.reduce((sum, { state }) => sum + state.instret, 0);
  }

  /** Places an image in memory; a segment that no memory holds is an error of the image. */
  load(name: string, segments: readonly Segment[]): void {
    loadSegments(this.bus, name, segments);
  }

  /** Lays devices that are reached through symbols (HTIF) over the memory where an image has these symbols. */
  attach(symbols: SymbolTable): void {
    for (const component of this.circuit.components) {
      if (component.definition.placement !== 'symbols') continue;
      for (const [name, { offset, bytes }] of Object.entries(
        component.definition.registers ?? {},
      )) {
        const address = symbols.addressOf(name);
        if (address === undefined) continue;
        if (!this.#canOverlay(address, bytes)) throw badOverlay(name, address);
        this.bus.overlay(Number(address), bytes, component, offset);
        this.#overlays[name] = Number(address);
      }
    }
  }

  /** Puts every hart and device to its state after reset, harts at `pc`. */
  reset(pc: bigint): void {
    this.circuit.reset();
    this.statistics.reset();
    this.#consolePosition.reset();
    for (const hart of this.harts) hart.reset(pc);
  }

  /** Runs up to core cycle `cycle`, or until software ends the run or nothing can happen any more. */
  runTo(cycle: number): RunOutcome<StopReason> {
    const outcome = this.#scheduler.run(this.#clocks.core.tickOf(cycle));
    for (const hart of this.harts) checkBooks(hart);
    return outcome;
  }

  /** Ends the run when a hart has retired this many instructions. */
  limitInstructions(count: number): void {
    for (const hart of this.harts) {
      hart.instructionLimit = {
        count,
        reached: () => {
          this.#scheduler.stop({ kind: 'instructions' });
        },
      };
    }
  }

  /** Keeps the instruction at a physical address out of what is translated from now on; results are the same. */
  keepUntranslated(address: number): void {
    this.#keepUntranslated?.(address);
  }

  #canOverlay(address: bigint, bytes: number): boolean {
    return address % 8n === 0n && this.bus.ram(Number(address) + bytes - 1)?.isWritable === true;
  }

  #streams<Item>(port: string, wrap: (device: string, value: unknown) => Item): Observable<Item> {
    const streams = this.circuit.components
      .filter(({ definition }) => definition.ports[port]?.direction === 'stream')
      .map((component) => component.stream(port).pipe(map((value) => wrap(component.name, value))));
    return merge(...streams).pipe(share());
  }
}

/** Every cycle of a hart belongs to exactly one leaf of its cycle tree, whatever ran. */
function checkBooks({ id, account, state }: Hart): void {
  if (account.isBalanced) return;
  const booked = `${String(account.tree.sum())} of ${String(state.cycle)} cycles`;
  throw new Error(`the cycle tree of hart ${String(id)} has ${booked}`);
}

function badOverlay(name: string, address: bigint): Error {
  const place = formatAddress(address);
  const message = `symbol '${name}' at ${place} must be a doubleword of its own in RAM`;
  return imageError('E-IMG-008', message, 'align it to 8 bytes, or give it another name');
}
