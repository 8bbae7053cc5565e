export { paperPmc, plainPmp, type PmcOptions } from './options.ts';
export { Pmp, type Accessor } from './pmp.ts';
export { PmpConfig } from './range.ts';
