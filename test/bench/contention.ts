import type { NamedFile } from '../../platforms/index.ts';
import { runToEnd } from './run-to-end.ts';
import { machineOf, type Variant } from './variant.ts';

const iterations = 8;

/**
 * How many times the instructions two harts need to do under one lock what one hart does alone; the rest is waiting. It is
 * a property of the model, so it does not depend on the engine.
 */
export function contentionOf(program: NamedFile, variant: Variant, quantum: string): number {
  const counts = ([1, 2] as const).map((harts) => {
    const work = { iterations: iterations / harts, harts };
    return runToEnd(machineOf({ harts, quantum }, variant), program, work).machine.instructionCount;
  });
  return (counts[1] ?? 0) / (counts[0] ?? 0);
}
