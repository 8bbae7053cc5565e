import type { DvExt } from '../dv-ext/index.ts';
import { HART_STATE_BYTES } from '../engine/index.ts';
import type { CsrFeatures, Selection } from '../isa/index.ts';
import type { BusPort, MachineMemory } from '../kernel/index.ts';
import { type PmcOptions, plainPmp } from '../pmc/index.ts';
import { pipelineBytes, type TimingParameters } from '../timing/index.ts';
import type { Reservations } from './reservations.ts';

/** What a hart is made of; fixed for the life of a machine. */
export interface HartOptions {
  readonly features: CsrFeatures;
  readonly selection: Selection;
  readonly dvExt: DvExt;
  readonly timing: TimingParameters;
  /** What happens to misaligned loads and stores. */
  readonly misaligned: 'trap' | 'hardware';
  /** Ticks of the time base in one cycle of the hart's clock. */
  readonly ticksPerCycle: number;
}

/** What a hart is wired to. */
export interface HartPorts {
  readonly memory: MachineMemory;
  /** Where the hart's own `hartMemoryBytes` bytes begin in the memory. */
  readonly memoryOffset: number;
  readonly bus: BusPort;
  /** The reservations of the machine, one object for all harts. */
  readonly reservations: Reservations;
  /** The machine's real-time clock, `mtime`, at a tick. */
  readonly timeAt: (tick: number) => bigint;
  /** The first tick at which `mtime` is at least `time`. */
  readonly tickOf: (time: bigint) => number;
  /** Lets something happen at a tick that is not in the past; returns how to take it back. */
  readonly schedule: (tick: number, action: () => void) => () => void;
}

/** Bytes of machine memory that a hart needs for its state: registers, CSRs, pipeline and predictors. */
export function hartMemoryBytes(timing: TimingParameters): number {
  return HART_STATE_BYTES + pipelineBytes(timing);
}

/** The physical memory protection that follows from a hart's features and its DV-Ext rules. */
export function pmcOptionsOf({
  features,
  dvExt,
}: Pick<HartOptions, 'features' | 'dvExt'>): PmcOptions {
  const { rules } = dvExt;
  const entries = features.pmpEntryCount;
  const granularity = 2 ** features.pmpGrainShift;
  if (rules === undefined) return { ...plainPmp, entries, granularity };
  return {
    kind: rules['pmc.kind'],
    entries,
    granularity,
    walker: rules['pmc.walker'],
    hostAccess: rules['pmc.hostAccess'],
  };
}
