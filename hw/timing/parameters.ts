import { cycles, entries, powerOfTwo, type TimingParameter, valuesOf } from './timing-parameter.ts';

/**
 * Everything that a timing file sets. A "gap" is the distance from the commit of one instruction to that of the next;
 * an "extra" comes on top of the one cycle of issue.
 */
export const timingParameters = [
  cycles('loadUse', 'gap from a load of 4 or 8 bytes to an instruction that uses the result', 1),
  cycles(
    'narrowLoadUse',
    'gap from a load of 1 or 2 bytes to an instruction that uses the result',
    1,
  ),
  cycles('csrReadUse', 'gap from a CSR read to an instruction that uses the result', 1),
  cycles('atomicUse', 'gap from an AMO to an instruction that uses the result', 1),
  cycles('storeConditionalUse', 'gap from a store-conditional to a user of its result', 1),
  cycles(
    'reservationCycles',
    'gap from a load-reserved within which a store-conditional may store; 0: however late',
  ),
  cycles('storeToLoad', 'extra of a read of bytes that are written shortly before'),
  cycles(
    'accessToOrdered',
    'gap from an access to one that a fence, or aq or rl, keeps behind it, and to FENCE.I',
    1,
  ),
  cycles('multiplyBase', 'multiply: cycles besides the iterations', 1),
  cycles('multiplyIterations', 'multiply: most iterations, one per byte of the first operand'),
  cycles('multiplyWordIterations', 'mulw: most iterations'),
  cycles('multiplyHigh', 'mulh, mulhsu and mulhu, whatever the operands', 1),
  cycles('divideBase', 'divide: cycles besides the quotient bits', 1),
  cycles('divideIteration', 'divide: each quotient bit'),
  cycles('divideNegation', 'divide: each value of which the sign is changed'),
  cycles('divideByZero', 'divide by zero, in all', 1),
  cycles('divideOverflow', 'the one signed division that overflows, in all', 1),
  cycles('floatLoadUse', 'gap from a floating-point load to a user of its result', 1),
  cycles('floatSingleUse', 'gap from single-precision arithmetic to a user of its result', 1),
  cycles('floatDoubleUse', 'gap from double-precision arithmetic to a user of its result', 1),
  cycles(
    'floatMoveUse',
    'gap from a sign injection, minimum, maximum, conversion or move into a floating-point register to a user of it',
    1,
  ),
  cycles(
    'floatToIntegerUse',
    'gap from a comparison, class, conversion or move into an integer register to a user of it',
    1,
  ),
  cycles('floatDivideSingle', 'gap from a division in single precision to a user of its result', 1),
  cycles('floatDivideDouble', 'gap from a division in double precision to a user of its result', 1),
  cycles('floatSquareRootSingle', 'gap from a square root in single precision to a user of it', 1),
  cycles('floatSquareRootDouble', 'gap from a square root in double precision to a user of it', 1),
  cycles(
    'floatDivideShift',
    'extra of a division whose significands have a quotient below 1, and of a square root of a number with an even exponent',
  ),
  cycles(
    'floatDivideSpecial',
    'gap from a division or square root of zeros, infinities and NaNs to a user of its result',
    1,
  ),
  cycles(
    'floatUnitRetry',
    'after how many cycles a floating-point instruction comes again that met a division',
    1,
  ),
  cycles(
    'branchMispredict',
    'extra of a branch or indirect jump whose next pc was predicted wrong',
  ),
  cycles(
    'untargetedTransfer',
    'extra of a taken branch or jump that the target buffer does not hold',
  ),
  cycles('csrWriteFlush', 'extra of a CSR write outside the trap scratch registers'),
  cycles('guestAccessFlush', 'extra of HLV, HLVX and HSV, which refetch what follows'),
  cycles('trapEntry', 'from the trapping slot, or the slot an interrupt takes, to the handler', 1),
  cycles('trapReturn', 'gap from MRET, SRET or HURET to the instruction it returns to', 1),
  cycles(
    'waitForInterrupt',
    'gap after a WFI that need not wait, and after the wake-up of one that did',
    1,
  ),
  {
    ...cycles('pausePeriod', 'PAUSE waits until mcycle is a multiple of so many', 1),
    isPowerOfTwo: true,
  },
  cycles('translationFence', 'gap after SFENCE.VMA, HFENCE and HUFENCE of any form', 1),
  cycles('instructionFence', 'gap after FENCE.I', 1),
  cycles('walkBase', 'TLB miss: the first table read and the restart of the access'),
  cycles('walkRead', 'TLB miss: each further table read, of either stage'),
  cycles('misalignedAccess', 'extra of a misaligned access that hardware splits'),
  cycles('clintLoad', 'gap after a load from the CLINT', 1),
  cycles('clintStore', 'gap after a store to the CLINT', 1),
  cycles('plicLoad', 'gap after a load from the PLIC', 1),
  cycles('plicStore', 'gap after a store to the PLIC', 1),
  cycles(
    'postedLoad',
    'gap after a load from the posted-interrupt unit, or a post, which waits for its answer',
    1,
  ),
  cycles(
    'postedStore',
    'gap after a store to the posted-interrupt unit, or telling it what a hart runs',
    1,
  ),
  cycles('deviceLoad', 'gap after a load from any other device', 1),
  cycles('deviceStore', 'gap after a store to any other device', 1),
  cycles(
    'interruptDelay',
    'from the commit of a store to a device to the change of a line at the hart',
  ),
  cycles('romLoad', 'gap after a load from ROM', 1),
  powerOfTwo('branchHistoryEntries', 'one-bit direction predictors'),
  { name: 'branchHistoryLength', unit: 'bits', minimum: 1, description: 'outcomes in the history' },
  { name: 'branchHistoryBits', unit: 'bits', minimum: 0, description: 'bits of it in the index' },
  entries('branchTargetEntries', 'branch target buffer'),
  entries('branchTargetPages', 'page registers of the target buffer'),
  entries('returnStackEntries', 'return address stack'),
] as const satisfies readonly TimingParameter[];

/** The name of a timing parameter. */
export type TimingParameterName = (typeof timingParameters)[number]['name'];

/** A complete set of values. */
export type TimingParameters = Readonly<Record<TimingParameterName, number>>;

/** Every parameter at its least: an instruction takes a cycle, and so does a trap. */
export const leastTiming = Object.fromEntries(
  timingParameters.map(({ name, minimum }) => [name, minimum]),
) as TimingParameters;

/** Takes the values a file gives; says what is missing, unknown or too small, all at once. */
export function timingParametersFrom(values: Readonly<Record<string, number>>): TimingParameters {
  return valuesOf(timingParameters, values, 'timing parameters');
}
