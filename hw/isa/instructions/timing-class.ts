/**
 * The pipeline's view of an instruction: which unit it occupies and which interlocks it meets. `floatSingle` and `floatDouble`
 * add and multiply; `floatMove` leaves a value that needs no arithmetic in a floating-point register, `floatToInteger` in `rd`.
 */
export const timingClasses = [
  'integer',
  'branch',
  'jump',
  'jumpRegister',
  'load',
  'store',
  'loadReserved',
  'storeConditional',
  'atomic',
  'multiply',
  'multiplyHigh',
  'divide',
  'floatSingle',
  'floatDouble',
  'floatMove',
  'floatToInteger',
  'floatDivideSingle',
  'floatDivideDouble',
  'floatSquareRootSingle',
  'floatSquareRootDouble',
  'csr',
  'fence',
  'cacheBlock',
  'cacheBlockZero',
  'instructionFence',
  'translationFence',
  'environment',
  'trapReturn',
  'wait',
] as const;

/** One of the pipeline's views of an instruction. */
export type TimingClass = (typeof timingClasses)[number];
