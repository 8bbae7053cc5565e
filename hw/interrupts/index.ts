import { clint } from './clint.ts';
import { dvPlic, plic } from './plic.ts';

export { clint, dvPlic, plic };

/** The kinds of interrupt controller this folder offers to platforms. */
export const interruptKinds = [clint, plic, dvPlic] as const;
