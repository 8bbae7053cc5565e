import { operandsOf, type Expression } from '../wasm/expression.ts';

const silent: ReadonlySet<Expression['kind']> = new Set([
  'constant',
  'localGet',
  'globalGet',
  'load',
  'unary',
  'binary',
  'select',
]);

/** Whether an expression may be left out when its value is not needed: it changes no local, no memory, and calls nothing. */
export function isSkippable(e: Expression): boolean {
  return silent.has(e.kind) && operandsOf(e).every(isSkippable);
}
