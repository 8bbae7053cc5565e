import { type HartState, LEAF_BYTES } from '../engine/index.ts';
import type { Pmp } from '../pmc/index.ts';
import {
  mechanismNumber,
  Pipeline,
  StateArea,
  uncachedExtra,
  walkCycles,
} from '../timing/index.ts';
import { CoreDriver } from './core-driver.ts';
import type { CycleAccount } from './cycle-account.ts';
import type { Decoder } from './decode-cache.ts';
import {
  hartLayout,
  type HartOptions,
  type HartPorts,
  instructionAlignmentOf,
} from './hart-options.ts';
import { MemoryAccess } from './memory-access.ts';
import { MemoryTiming } from './memory-timing.ts';
import { Mmu, type MmuFault } from './mmu/index.ts';
import type { PauseTimer } from './pause-timer.ts';
import type { TranslationWires } from './translation-state.ts';

const { uncached, misaligned } = mechanismNumber;
const WALK_1 = mechanismNumber['walk-stage-1'];
const WALK_2 = mechanismNumber['walk-stage-2'];

/** The parts of a hart that its memory side is wired to. */
interface MemorySidePorts {
  readonly options: HartOptions;
  readonly ports: HartPorts;
  readonly state: HartState;
  readonly pmp: Pmp;
  readonly account: CycleAccount;
  readonly translation: TranslationWires;
  readonly decoder: Decoder;
  readonly pauses: PauseTimer;
  /** Whether a fence follows the instruction in hand closely. */
  readonly isFenceBehind: () => boolean;
  /** Raises the fault of an access whose first byte is at `start`. */
  readonly raise: (fault: MmuFault, start: bigint) => never;
}

/** How a hart gets at memory, and the time that it takes: translation, accesses, caches, pipeline. */
export interface MemoryParts {
  readonly mmu: Mmu;
  readonly memory: MemoryAccess;
  readonly pipeline: Pipeline;
  /** Caches and TLBs behind rules; absent where there are none, or where the core goes through stages. */
  readonly memoryTiming: MemoryTiming | undefined;
  /** The core in stages; absent where rules count. */
  readonly core: CoreDriver | undefined;
}

/** Makes the memory side of a hart and wires its parts to each other. */
export function makeMemoryParts(side: MemorySidePorts): MemoryParts {
  const { options, ports, state, pmp, account, translation, decoder, pauses } = side;
  const { timing } = options;
  const { memory: machine, memoryOffset, bus, reservations, compiled } = ports;
  const inStages = options.pipeline === 'stages';
  const layout = hartLayout(timing);
  const mmu = new Mmu(
    {
      memory: machine,
      memoryOffset: memoryOffset + layout.translation,
      bus,
      pmp,
      setBits: (physical, bits) => memory.setBits(physical, bits),
      raise: (fault) => side.raise(fault, memory.splitAddress ?? fault.address),
      onWalk: (stage1Reads, stage2Reads) => {
        if (inStages || memoryTiming !== undefined) return;
        const { stage1, stage2 } = walkCycles(timing, stage1Reads, stage2Reads);
        account.charge(WALK_1, stage1);
        account.charge(WALK_2, stage2);
      },
      walkTiming: {
        cycles: (stage1Reads, stage2Reads) => walkCycles(timing, stage1Reads, stage2Reads),
        stage1Leaf: WALK_1 * LEAF_BYTES,
        stage2Leaf: WALK_2 * LEAF_BYTES,
      },
    },
    translation,
  );
  const pipeline: Pipeline = new Pipeline(
    timing,
    (word) => decoder.decode(word),
    machine.buffer,
    memoryOffset + layout.pipeline,
  );
  const memoryTiming: MemoryTiming | undefined =
    ports.core && !inStages
      ? new MemoryTiming({ state, account, pipeline, mmu, core: ports.core })
      : undefined;
  const memory: MemoryAccess = new MemoryAccess({
    state,
    memory: machine,
    bus,
    mmu,
    reservations,
    instructionAlignment: instructionAlignmentOf(options.selection),
    misaligned: options.misaligned,
    onWrite:
      (compiled ?? ports.codeWords) &&
      ((offset, bytes) => {
        compiled?.pages.written(offset, bytes);
        ports.codeWords?.written(offset, bytes);
      }),
    onReserve:
      compiled &&
      ((offset) => {
        compiled.dropLine(offset);
      }),
    onAccess: inStages
      ? (high, low, physical, isForGuest) => {
          core?.accessed(high, low, physical, isForGuest);
        }
      : undefined,
    onTry: inStages
      ? (high, low, need, isForGuest) => {
          core?.tries(high, low, need, isForGuest);
        }
      : undefined,
    onReach: inStages
      ? undefined
      : (low, bytes, latencyClass) => {
          const { pending } = pipeline;
          const { cycle } = state;
          let wait = 0;
          if (uncachedExtra(timing, latencyClass, 'load') > 0) {
            pending.approach(low, bytes);
            wait = pending.refusal(cycle, side.isFenceBehind);
          } else if (pending.isUnderWay(cycle)) wait = pending.conflict(cycle, low, bytes);
          if (wait === 0) return;
          account.charge(uncached, wait);
          memoryTiming?.repeat(cycle, state.cycle);
        },
    onUncached: (latencyClass, direction, isRegisters) => {
      if (direction === 'store') core?.storedToDevice();
      // A core in stages has seen the access, unless a CSR is what is accessed: then it has committed, and waits for the answer.
      if (core?.hasCommitted === false) return;
      if (core !== undefined || isRegisters) {
        account.charge(uncached, uncachedExtra(timing, latencyClass, direction));
        return;
      }
      const extra = uncachedExtra(timing, latencyClass, 'load');
      if (extra > 0) pipeline.pending.ask(state.cycle, extra, direction === 'load');
    },
    onMisaligned: () => {
      account.charge(misaligned, timing.misalignedAccess);
    },
    comesInTime: (holds) => {
      if (core !== undefined) return core.commitConditional(holds);
      const most = timing.reservationCycles;
      return most === 0 || state.cycle - state.reservedCycle <= most;
    },
    timing: memoryTiming,
  });
  const core: CoreDriver | undefined = inStages
    ? new CoreDriver({
        state,
        account,
        bus,
        timing,
        memory,
        mmu,
        caches: ports.core,
        pmp,
        pauses,
        decode: (word) => decoder.decode(word),
        codeWords: ports.codeWords,
        paths: ports.paths && new StateArea(machine.buffer, ports.paths.offset),
        area: new StateArea(machine.buffer, memoryOffset + layout.core),
      })
    : undefined;
  core?.listenTo(mmu.tlb);
  if (ports.codeWords && compiled) {
    ports.codeWords.onLine = (offset) => {
      compiled.dropLine(offset);
    };
  }
  return { mmu, memory, pipeline, memoryTiming, core };
}
