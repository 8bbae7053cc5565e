export { faultCause, IMPLICIT_READ_INSTRUCTION } from './access.ts';
export { Mmu, Need, type MmuFault } from './mmu.ts';
export { type TranslationTable, walk, type WalkRequest } from './page-walker.ts';
export type { Regime, Regimes, TranslationState } from './regime.ts';
export type { TlbEntry } from './tlb.ts';
