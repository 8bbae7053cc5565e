import { clint } from './clint.ts';
import { dvClint } from './dv-clint.ts';
import { forkClint } from './fork-clint.ts';
import { dvPlic, forkPlic, plic } from './plic.ts';

export { clint, dvClint, dvPlic, forkClint, forkPlic, plic };

/** The kinds of interrupt controller this folder offers to platforms. */
export const interruptKinds = [clint, dvClint, forkClint, plic, dvPlic, forkPlic] as const;
