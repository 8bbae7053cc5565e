export { LEAF_BYTES } from './book-code.ts';
export { codeAreaBytes, type CodePages } from './code-pages.ts';
export { CompiledCode, type CompiledClient } from './compiled-code.ts';
export { directCsr, DIRECT_CSR_BYTES, directCsrs } from './direct-csr.ts';
export { floatModeOf } from './float-mode.ts';
export { LineFilter } from './line-filter.ts';
export { GUARDED_PAGES_BYTES } from './guarded-pages.ts';
export {
  CODE_FRAMES,
  CODE_HOSTS,
  CODE_PAGES,
  COVERED_LINES,
  coveredLine,
  FETCHED_LINES,
  LINE_FILTER_BYTES,
  MOST_COVERED,
} from './line-filter-layout.ts';
export type { PathTranslator } from './paths/path-translator.ts';
export { regimeRecord } from './refill/regime-record.ts';
export * from './refill/translation-layout.ts';
export { Exit } from './packed-entry.ts';
export { committedWords, NEVER_LEFT, NO_HART, runWords, RunWord } from './run-state.ts';
export { followedBy, lengthsIn } from './trail.ts';
export * from './transition/transition-record.ts';
export * from './transition/trap-transfer.ts';
export { type TranslationLimits, usualLimits } from './translator/translation-limits.ts';
