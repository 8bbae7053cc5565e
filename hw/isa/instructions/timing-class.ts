/** The pipeline's view of an instruction: which unit it occupies and which interlocks it meets. */
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
  'csr',
  'fence',
  'instructionFence',
  'translationFence',
  'environment',
  'trapReturn',
  'wait',
] as const;

/** One of the pipeline's views of an instruction. */
export type TimingClass = (typeof timingClasses)[number];
