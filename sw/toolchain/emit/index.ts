import { allocateRegisters } from '../allocate/allocation.ts';
import type { CodeBuilder } from '../assembly/code-builder.ts';
import type { LirFunction } from '../lir/function.ts';
import { optimise } from '../optimise/index.ts';
import { emitFunction, type EmittedTable } from './function-emitter.ts';
import { dropSettledMoves } from './settle.ts';

export type { EmittedTable } from './function-emitter.ts';

/** Compiles a lowered function into the code stream; returns the jump tables it needs. */
export function generateCode(f: LirFunction, code: CodeBuilder): readonly EmittedTable[] {
  optimise(f);
  const allocation = allocateRegisters(f);
  dropSettledMoves(f, allocation);
  return emitFunction(f, allocation, code);
}
