/**
 * What a hardware performance counter can count; the place in the list is the value of its event selector. After the
 * instructions retired and the clock cycles come the cycles that each mechanism of docs/timing.md costs, in every mode. New ones come last, so that numbers keep their
 * meaning.
 */
export const performanceEvents = [
  'none',
  'instructions',
  'cycles',
  'load-use',
  'csr-use',
  'store-load',
  'multiply-divide',
  'branch',
  'jump',
  'csr-flush',
  'guest-access-flush',
  'trap-entry',
  'trap-return',
  'atomic',
  'fence',
  'translation-fence',
  'walk-stage-1',
  'walk-stage-2',
  'misaligned',
  'uncached',
  'wait',
  'float',
  'fetch',
  'instruction-cache',
  'data-cache',
] as const;

/** One of them. */
export type PerformanceEvent = (typeof performanceEvents)[number];
