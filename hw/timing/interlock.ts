import { type Decoded, fieldNamed } from '../isa/index.ts';
import { floatUse } from './float-latency.ts';
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
 * Floating-point registers are waited for by themselves (`FloatRegisters`).
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

/** Whether some instruction may wait for one like `producer`; most compute and hold up nobody. */
export function canDelay(parameters: TimingParameters, producer: Decoded): boolean {
  if (pipelineAccess(producer) !== undefined) return true;
  return !writesFloat(producer) && resultGap(parameters, producer).cycles > 1;
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
  const found = structuralGaps(parameters, producer, between, consumer);
  const waits =
    !writesFloat(producer) && usesInteger(consumer, producer.rd) && between?.rd !== producer.rd;
  return waits ? [...found, resultGap(parameters, producer)] : found;
}

/** Whether an instruction reads an integer register or, since write order is kept by waiting, writes it. */
function usesInteger({ rs1, rs2, rd }: Decoded, register: number): boolean {
  return register !== 0 && (rs1 === register || rs2 === register || rd === register);
}

function writesFloat({ instruction }: Decoded): boolean {
  return fieldNamed(instruction.encoding, 'frd') !== undefined;
}

function resultGap(parameters: TimingParameters, producer: Decoded): Gap {
  const { timing } = producer.instruction;
  const use = floatUse(parameters, timing);
  if (use !== undefined) return { cycles: use, mechanism: 'float' };
  switch (timing) {
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
  if (isAdjacent && waitsForAccesses(consumer)) {
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

function waitsForAccesses({ instruction: { timing } }: Decoded): boolean {
  return timing === 'fence' || timing === 'cacheBlock' || timing === 'cacheBlockZero';
}
