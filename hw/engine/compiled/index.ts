export { codeAreaBytes } from './code-pages.ts';
export { CompiledCode, type CompiledClient } from './compiled-code.ts';
export { directCsr, DIRECT_CSR_BYTES, directCsrs } from './direct-csr.ts';
export { floatModeOf } from './float-mode.ts';
export { LINE_FILTER_BYTES, LineFilter } from './line-filter.ts';
export { Exit } from './packed-entry.ts';
export { NO_HART, runWords, RunWord } from './run-state.ts';
export { followedBy, lengthsIn } from './trail.ts';
export { type TranslationLimits, usualLimits } from './translator/translation-limits.ts';
