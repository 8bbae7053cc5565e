export { loadPlatform, type LoadOptions, type Platform } from './platform.ts';
export { resolvedText, type ResolvedValue } from './resolved.ts';
export { DvlabError } from './source/dvlab-error.ts';
export type { Diagnostic } from './source/diagnostic.ts';
export type { Wire } from './wiring.ts';
