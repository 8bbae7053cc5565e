export * from './expression.ts';
export * from './effect.ts';
export * from './float-action.ts';
export * from './float-value.ts';
export * from './system-operation.ts';
export * from './word-operation.ts';
