import { clint } from './clint.ts';

export { clint };

/** The kinds of interrupt controller this folder offers to platforms. */
export const interruptKinds = [clint] as const;
