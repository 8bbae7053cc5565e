export {
  faultCause,
  IMPLICIT_READ_INSTRUCTION,
  type AccessKind,
  type FaultKind,
} from './access.ts';
export { Mmu, Need, type MmuFault, type MmuPorts } from './mmu.ts';
export {
  walk,
  type EntryReader,
  type Translation,
  type WalkFault,
  type WalkRequest,
} from './page-walker.ts';
export { regimesOf, type Regime, type Regimes, type TranslationState } from './regime.ts';
export { Tlb, type TlbEntry } from './tlb.ts';
