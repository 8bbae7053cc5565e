export * from './assembler/assembler.ts';
export * from './assembler/assembly-error.ts';
export * from './assembler/load-immediate.ts';
export * from './cause.ts';
export {
  coreLocalAddress,
  type CoreLocalCsr,
  coreLocalMap,
  forkCoreLocalAddress,
  forkCoreLocalMap,
  guestTimerMap,
} from './core-local.ts';
export * from './csr/index.ts';
export * from './decoder.ts';
export * from './disassembler.ts';
export * from './encoder.ts';
export { CACHE_BLOCK_BYTES } from './instructions/cache-block.ts';
export * from './float-registers.ts';
export * from './instructions/compressed-instruction.ts';
export * from './instructions/compressed.ts';
export * from './instructions/encoding.ts';
export * from './instructions/float-guard.ts';
export * from './instructions/guard.ts';
export { isPause } from './instructions/hints.ts';
export * from './instructions/index.ts';
export * from './instructions/instruction.ts';
export * from './instructions/selection.ts';
export * from './instructions/syntax.ts';
export * from './instructions/timing-class.ts';
export * from './privilege.ts';
export * from './profile.ts';
export * from './registers.ts';
export * from './rounding-mode.ts';
export * from './semantics/index.ts';
export * from './spec-reference.ts';
export * from './translation.ts';
