import { CompileError, type SourceLocation } from '../diagnostics/compile-error.ts';
import { Block } from '../lir/block.ts';
import { LirFunction } from '../lir/function.ts';
import { operandsOf, type Expression } from '../wasm/expression.ts';
import type { DefinedFunction } from '../wasm/module.ts';
import { mostParameters } from './call.ts';
import { lowerEffect } from './control-flow.ts';
import { localFactsOf } from './local-facts.ts';
import { Lowering, type ImageContext, type Recursion } from './lowering.ts';
import { lowerStatement, lowerValue } from './operand.ts';
import { lowerExpression } from './value.ts';

const recursion: Recursion = { value: lowerExpression, statement: lowerEffect };

/** The place of the first expression that has one. */
function firstLocation(
  image: ImageContext,
  expressions: readonly Expression[],
): SourceLocation | undefined {
  for (const e of expressions) {
    const location = image.module.locationAt(e.at) ?? firstLocation(image, operandsOf(e));
    if (location) return location;
  }
  return undefined;
}

/** Translates one WebAssembly function into blocks of machine-like instructions on virtual registers. */
export function lowerFunction(
  image: ImageContext,
  source: DefinedFunction,
  symbol: string,
): LirFunction {
  const location = firstLocation(image, source.body);
  const parameterCount = source.type.parameters.length;
  if (parameterCount > mostParameters) {
    throw new CompileError(`${symbol} has ${parameterCount} parameters, more than 8`, location);
  }
  const target = new LirFunction(symbol, location);
  const l = new Lowering({ image, source, target, recursion, facts: localFactsOf(source) });
  l.location = location;
  l.start(new Block());
  if (parameterCount > 0) {
    const definitions = l.locals.slice(0, parameterCount);
    l.emit({ kind: 'parameters', mnemonic: 'parameters', definitions });
  }
  // WebAssembly locals start at 0; the zeros that nothing reads are removed later.
  for (const destination of l.locals.slice(parameterCount)) {
    l.emit({ kind: 'constant', mnemonic: 'li', destination, immediate: 0n });
  }
  source.body.forEach((e, index) => {
    const isResult = index === source.body.length - 1 && e.type !== undefined;
    if (!isResult || source.type.result === undefined) {
      lowerStatement(l, e);
      return;
    }
    const value = lowerValue(l, e);
    if (l.isReachable) l.end({ kind: 'return', a: value });
  });
  if (l.isReachable) {
    l.end(source.type.result === undefined ? { kind: 'return', a: undefined } : { kind: 'stop' });
  }
  return target;
}
