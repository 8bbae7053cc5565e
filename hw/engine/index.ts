export * from './compiled/index.ts';
export * from './execution-context.ts';
export * from './float/index.ts';
export * from './float-state.ts';
export * from './hart-state.ts';
export * from './oracle.ts';
export * from './trap-signal.ts';
