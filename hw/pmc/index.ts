export { paperPmc, plainPmp, type PmcOptions } from './options.ts';
export { Pmp, type Accessor } from './pmp.ts';
export { AddressMatching, ALL_PERMISSIONS, PmpConfig, pmpRange, type PmpRange } from './range.ts';
