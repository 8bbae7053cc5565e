import { type HartState, hartStateOffsets } from '../engine/index.ts';
import {
  type ByteRange,
  type Checkpointed,
  CheckpointedParts,
  type Parts,
} from '../kernel/index.ts';
import { keptPipelineBytes, type Pipeline, type TimingParameters } from '../timing/index.ts';
import { ACCOUNT_BYTES } from './cycle-account.ts';
import { keptCoreBytes } from './core-state.ts';
import type { CsrFile } from './csr-file.ts';
import type { DerivedState } from './derived-state.ts';
import { hartLayout } from './hart-options.ts';
import type { InstructionUnit } from './instruction-unit.ts';
import type { Reservations } from './reservations.ts';

/** What the checkpoint of a hart is wired to. */
export interface HartCheckpointPorts {
  readonly timing: TimingParameters;
  /** Its core is modelled stage by stage. */
  readonly inStages: boolean;
  /** Where the hart's memory begins. */
  readonly memoryOffset: number;
  readonly state: HartState;
  readonly csrs: CsrFile;
  readonly derived: DerivedState;
  readonly pipeline: Pipeline;
  readonly instructions: InstructionUnit;
  readonly reservations: Reservations;
  /** The parts that keep state of their own. */
  readonly parts: Parts;
  /** Forgets what was generated from the memory's contents. */
  readonly forgetCode: () => void;
}

/** A hart as a checkpoint keeps it, apart from its bytes in the machine's memory. */
export interface SavedHart {
  readonly isWaiting: boolean;
  readonly parts: Readonly<Record<string, object>>;
}

/** Bytes of a hart's memory that decide something, from its start: neither scratch nor what engines keep to be fast. */
function keptHartBytes(timing: TimingParameters, inStages: boolean): readonly ByteRange[] {
  const { x, sink, pc, run } = hartStateOffsets;
  const layout = hartLayout(timing);
  const behind = (start: number, ranges: readonly ByteRange[]): readonly ByteRange[] =>
    ranges.map(({ offset, bytes }) => ({ offset: start + offset, bytes }));
  return [
    { offset: x, bytes: sink - x },
    { offset: pc, bytes: run - pc },
    ...(inStages
      ? behind(layout.core, [keptCoreBytes(timing)])
      : behind(layout.pipeline, keptPipelineBytes(timing))),
    { offset: layout.account, bytes: ACCOUNT_BYTES },
  ];
}

/** What a checkpoint keeps of a hart. The bytes in the machine's memory have to be restored before the rest. */
export class HartCheckpoint implements Checkpointed<SavedHart> {
  /** The hart's bytes in the machine's memory. */
  readonly kept: readonly ByteRange[];
  readonly #ports: HartCheckpointPorts;
  readonly #parts: CheckpointedParts;

  constructor(ports: HartCheckpointPorts) {
    const { timing, inStages, memoryOffset, parts } = ports;
    this.#ports = ports;
    this.#parts = new CheckpointedParts(parts);
    this.kept = keptHartBytes(timing, inStages).map(({ offset, bytes }) => {
      return { offset: memoryOffset + offset, bytes };
    });
  }

  save(): SavedHart {
    const { derived, instructions } = this.#ports;
    // Registers may have been changed from outside, and the timers with them.
    derived.settle();
    return { isWaiting: instructions.isWaiting, parts: this.#parts.save() };
  }

  restore({ isWaiting, parts }: SavedHart): void {
    const { csrs, derived, pipeline, instructions, reservations, forgetCode } = this.#ports;
    csrs.writeCount += 1;
    reservations.recount();
    pipeline.restored();
    forgetCode();
    derived.restored();
    this.#parts.restore(parts);
    // Looking again changes nothing; engines look at different times.
    derived.interruptsAreStale = true;
    instructions.isWaiting = isWaiting;
  }
}
