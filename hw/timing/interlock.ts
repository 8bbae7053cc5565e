import type { Decoded } from '../isa/index.ts';
import { mechanismNumber, type TimingMechanism } from './mechanisms.ts';
import type { TimingParameters } from './parameters.ts';
import { pipelineAccess } from './pipeline-view.ts';

/** How long an instruction waits for those before it, and what for. */
export interface Stall {
  readonly cycles: number;
  readonly mechanism: TimingMechanism;
  /** Number of `mechanism`. */
  readonly leaf: number;
}

/** No wait. */
export const NO_STALL: Stall = {
  cycles: 0,
  mechanism: 'load-use',
  leaf: mechanismNumber['load-use'],
};

interface Gap {
  readonly cycles: number;
  readonly mechanism: TimingMechanism;
}

/**
 * The wait of `current` when it follows `previous`, and that follows `older`, with no taken branch, jump or trap in
 * between: a function of the three instructions alone, so that neither an engine nor a quantum can change it.
 * Instructions farther back cannot make it wait, except by the times that are charged to themselves.
 */
export function interlock(
  parameters: TimingParameters,
  older: Decoded | undefined,
  previous: Decoded | undefined,
  current: Decoded,
): Stall {
  if (previous === undefined) return NO_STALL;
  let stall = waitFor(gaps(parameters, previous, undefined, current), 1);
  if (older !== undefined) {
    const elapsed = 2 + interlock(parameters, undefined, older, previous).cycles;
    const wait = waitFor(gaps(parameters, older, previous, current), elapsed);
    if (wait.cycles > stall.cycles) stall = wait;
  }
  return stall;
}

function waitFor(all: readonly Gap[], elapsed: number): Stall {
  let stall = NO_STALL;
  for (const { cycles, mechanism } of all) {
    if (cycles - elapsed > stall.cycles) {
      stall = { cycles: cycles - elapsed, mechanism, leaf: mechanismNumber[mechanism] };
    }
  }
  return stall;
}

/** The gaps that `producer` forces on `consumer`, with `between` in the middle or directly. */
function gaps(
  parameters: TimingParameters,
  producer: Decoded,
  between: Decoded | undefined,
  consumer: Decoded,
): readonly Gap[] {
  const { rd } = producer;
  // An instruction that writes the same register waits as a user does: write order is kept by waiting.
  const uses = rd !== 0 && (consumer.rs1 === rd || consumer.rs2 === rd || consumer.rd === rd);
  const hidden = between?.rd === rd;
  const found = structuralGaps(parameters, producer, between, consumer);
  return uses && !hidden ? [...found, resultGap(parameters, producer)] : found;
}

function resultGap(parameters: TimingParameters, producer: Decoded): Gap {
  switch (producer.instruction.timing) {
    case 'load':
    case 'loadReserved': {
      const isNarrow = (pipelineAccess(producer)?.bytes ?? 8) < 4;
      const cycles = isNarrow ? parameters.narrowLoadUse : parameters.loadUse;
      return { cycles, mechanism: 'load-use' };
    }
    case 'csr':
      return { cycles: parameters.csrReadUse, mechanism: 'csr-use' };
    case 'atomic':
      return { cycles: parameters.atomicUse, mechanism: 'atomic' };
    case 'storeConditional':
      return { cycles: parameters.storeConditionalUse, mechanism: 'atomic' };
    default:
      return { cycles: 1, mechanism: 'load-use' };
  }
}

function structuralGaps(
  parameters: TimingParameters,
  producer: Decoded,
  between: Decoded | undefined,
  consumer: Decoded,
): readonly Gap[] {
  const before = pipelineAccess(producer);
  if (before === undefined) return [];
  const isAdjacent = between === undefined;
  if (isAdjacent && consumer.instruction.timing === 'fence') {
    return [{ cycles: parameters.accessToFence, mechanism: 'fence' }];
  }
  const after = pipelineAccess(consumer);
  if (after === undefined) return [];
  if (before.kind === 'atomic') {
    return [{ cycles: parameters.atomicToAccess, mechanism: 'atomic' }];
  }
  if (before.kind !== 'store') return [];
  if (after.kind === 'atomic') {
    return isAdjacent ? [{ cycles: parameters.storeToAtomic, mechanism: 'atomic' }] : [];
  }
  const overlaps =
    after.kind === 'load' &&
    consumer.rs1 === producer.rs1 &&
    (isAdjacent || between.rd === 0 || between.rd !== producer.rs1) &&
    consumer.imm < producer.imm + BigInt(before.bytes) &&
    producer.imm < consumer.imm + BigInt(after.bytes);
  if (!overlaps) return [];
  // A replay comes on top of the way there, at either distance.
  const distance = isAdjacent ? 1 : 2;
  return [{ cycles: distance + parameters.storeToLoad, mechanism: 'store-load' }];
}
