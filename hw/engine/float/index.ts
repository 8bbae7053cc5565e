export * from './float-function.ts';
export type { FloatResult } from './rounding.ts';
