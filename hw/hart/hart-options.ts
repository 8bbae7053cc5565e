import type { DvExt } from '../dv-ext/index.ts';
import {
  type CompiledCode,
  HART_STATE_BYTES,
  LINE_FILTER_BYTES,
  TRANSLATION_BYTES,
  transitionLayout,
} from '../engine/index.ts';
import type { CsrFeatures, Selection } from '../isa/index.ts';
import type { BusPort, EventQueue, MachineMemory, MemoryArea } from '../kernel/index.ts';
import { type PmcOptions, plainPmp } from '../pmc/index.ts';
import { type CoreMemory, pipelineBytes, type TimingParameters } from '../timing/index.ts';
import type { CodeWords } from './code-words.ts';
import { coreStateBytes } from './core-state.ts';
import { ACCOUNT_BYTES } from './cycle-account.ts';
import { DIRECT_CSRS_BYTES } from './direct-csrs.ts';
import type { PostedUnit } from './posting-port.ts';
import type { Reservations } from './reservations.ts';

/** What a hart is made of; fixed for the life of a machine. */
export interface HartOptions {
  readonly features: CsrFeatures;
  readonly selection: Selection;
  readonly dvExt: DvExt;
  readonly timing: TimingParameters;
  /** What tells the time: rules over neighbouring instructions, or every stage of the core in every cycle. */
  readonly pipeline: 'rules' | 'stages';
  /** What happens to misaligned loads and stores. */
  readonly misaligned: 'trap' | 'hardware';
  /** Whether ECALL and EBREAK count in `minstret`. */
  readonly environmentCallsRetire: boolean;
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
  /** Caches and TLBs of the hart, where they are modelled. */
  readonly core?: CoreMemory | undefined;
  /** The posted-interrupt unit that the hart is wired to. */
  readonly posted?: PostedUnit | undefined;
  /** Words of code of the machine, if a core in stages remembers where it has been. */
  readonly codeWords?: CodeWords | undefined;
  /** Where such a core keeps what it remembers: `rememberedBytes` of the memory. */
  readonly paths?: MemoryArea | undefined;
  /** The machine's generated code; without it every instruction is executed by the oracle. */
  readonly compiled?: CompiledCode | undefined;
  /** The machine's real-time clock, `mtime`, at a tick. */
  readonly timeAt: (tick: number) => bigint;
  /** The first tick at which `mtime` is at least `time`. */
  readonly tickOf: (time: bigint) => number;
  /** Where what is to happen at a tick is noted. */
  readonly queue: Pick<EventQueue, 'now' | 'at' | 'cancel' | 'putBack'>;
}

/** What instruction addresses are a multiple of, in bytes: IALIGN (unpriv 1.5). */
export function instructionAlignmentOf({ extensions }: Selection): 2 | 4 {
  return extensions.has('c') ? 2 : 4;
}

const ALIGNMENT = 64;

/** Where the parts of a hart begin in its memory, and how many bytes it needs. */
export function hartLayout(timing: TimingParameters) {
  const pipeline = HART_STATE_BYTES;
  const account = Math.ceil((pipeline + pipelineBytes(timing)) / ALIGNMENT) * ALIGNMENT;
  const csrs = Math.ceil((account + ACCOUNT_BYTES) / ALIGNMENT) * ALIGNMENT;
  const transitions = Math.ceil((csrs + DIRECT_CSRS_BYTES) / ALIGNMENT) * ALIGNMENT;
  const filter = Math.ceil((transitions + transitionLayout.bytes) / ALIGNMENT) * ALIGNMENT;
  const translation = Math.ceil((filter + LINE_FILTER_BYTES) / ALIGNMENT) * ALIGNMENT;
  const core = Math.ceil((translation + TRANSLATION_BYTES) / ALIGNMENT) * ALIGNMENT;
  const bytes = core + coreStateBytes(timing);
  return { pipeline, account, csrs, transitions, filter, translation, core, bytes };
}

/** Bytes of machine memory that a hart needs: registers, CSRs, pipeline, predictors, cycle counts, recently used lines, TLB. */
export function hartMemoryBytes(timing: TimingParameters): number {
  return hartLayout(timing).bytes;
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
    guestAccess: rules['pmc.guestAccess'],
    entries,
    granularity,
    walker: rules['pmc.walker'],
    hostAccess: rules['pmc.hostAccess'],
  };
}
