export * from './expression.ts';
export * from './effect.ts';
export * from './system-operation.ts';
export * from './word-operation.ts';
