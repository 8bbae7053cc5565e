export {
  faultCause,
  IMPLICIT_READ_INSTRUCTION,
  IMPLICIT_WRITE_INSTRUCTION,
  Need,
} from './access.ts';
export { Mmu, type MmuFault } from './mmu.ts';
export {
  PageWalker,
  type TableMemory,
  type TranslationTable,
  type WalkSpace,
} from './page-walker.ts';
export type { Tlb } from './tlb.ts';
export { MACHINE } from './regime.ts';
export type { Regime, RegisterHalves, Regimes, TranslationState } from './regime.ts';
export type { TlbEntry } from './tlb-entry.ts';
