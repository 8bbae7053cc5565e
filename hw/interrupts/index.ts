import { clint } from './clint.ts';
import { dvClint } from './dv-clint.ts';
import { dvPlic, plic } from './plic.ts';

export { clint, dvClint, dvPlic, plic };

/** The kinds of interrupt controller this folder offers to platforms. */
export const interruptKinds = [clint, dvClint, plic, dvPlic] as const;
