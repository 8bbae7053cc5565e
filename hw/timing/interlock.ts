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
  const stall = waitFor(gaps(parameters, previous, undefined, current), 1);
  if (older === undefined) {
    return meetsPending(previous, undefined, current, 1 + stall.cycles)
      ? replayed(parameters, stall, previous)
      : stall;
  }
  const elapsed = 2 + interlock(parameters, undefined, older, previous).cycles;
  const wait = waitFor(gaps(parameters, older, previous, current), elapsed);
  const longer = wait.cycles > stall.cycles ? wait : stall;
  if (meetsPending(previous, undefined, current, 1 + longer.cycles))
    return replayed(parameters, longer, previous);
  return meetsPending(older, previous, current, elapsed + longer.cycles)
    ? replayed(parameters, longer, older)
    : longer;
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

/** What keeps accesses in order that must not overtake each other (RocketCore.scala, id_mem_busy). */
function structuralGaps(
  parameters: TimingParameters,
  producer: Decoded,
  between: Decoded | undefined,
  consumer: Decoded,
): readonly Gap[] {
  if (pipelineAccess(producer) === undefined) return [];
  const isFenced = acquires(producer) || between?.instruction.timing === 'fence';
  const waits = pipelineAccess(consumer) === undefined ? waitsForAccesses(consumer) : isFenced;
  if (!waits && !releases(consumer)) return [];
  return [{ cycles: parameters.accessToOrdered, mechanism: 'fence' }];
}

function waitsForAccesses({ instruction: { timing } }: Decoded): boolean {
  return timing === 'instructionFence' || timing === 'cacheBlock' || timing === 'cacheBlockZero';
}

const AQ = 1 << 26;
const RL = 1 << 25;

function isAtomic({ instruction: { timing } }: Decoded): boolean {
  return timing === 'atomic' || timing === 'loadReserved' || timing === 'storeConditional';
}

/** Accesses behind it wait for it. */
function acquires(decoded: Decoded): boolean {
  return isAtomic(decoded) && (decoded.word & AQ) !== 0;
}

/** It waits for accesses before it. */
function releases(decoded: Decoded): boolean {
  return isAtomic(decoded) && (decoded.word & RL) !== 0;
}

/**
 * For how many cycles what an access writes is not in the data array, if the array is free in between (DCache.scala): a store waits
 * two stages; what is read and changed takes one more. A store-conditional that another one follows has probably failed, and
 * writes nothing, but the next cycle cannot know yet.
 */
function pendingCycles(producer: Decoded, consumer: Decoded): number {
  if (pipelineAccess(producer)?.kind === 'store') return 2;
  const areConditional = [producer, consumer].every(
    ({ instruction }) => instruction.timing === 'storeConditional',
  );
  return areConditional ? 1 : 3;
}

/** Whether an instruction that issues so many cycles behind a write reads bytes that are not in the data array yet. */
function meetsPending(
  producer: Decoded,
  between: Decoded | undefined,
  consumer: Decoded,
  age: number,
): boolean {
  const before = pipelineAccess(producer);
  const after = pipelineAccess(consumer);
  if (before === undefined || before.kind === 'load') return false;
  if (after === undefined || after.kind === 'store') return false;
  const { rs1 } = consumer;
  const isSameBase =
    producer.rs1 === rs1 && (rs1 === 0 || (producer.rd !== rs1 && between?.rd !== rs1));
  return (
    isSameBase &&
    consumer.imm < producer.imm + BigInt(before.bytes) &&
    producer.imm < consumer.imm + BigInt(after.bytes) &&
    age <= pendingCycles(producer, consumer)
  );
}

/** An access that comes again besides what it waits for. */
function replayed(
  parameters: TimingParameters,
  { cycles, mechanism, leaf }: Stall,
  producer: Decoded,
): Stall {
  const { storeToLoad } = parameters;
  if (storeToLoad === 0) return { cycles, mechanism, leaf };
  const reason = pipelineAccess(producer)?.kind === 'store' ? 'store-load' : 'atomic';
  return { cycles: cycles + storeToLoad, mechanism: reason, leaf: mechanismNumber[reason] };
}
