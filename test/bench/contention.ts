import type { NamedFile } from '../../platforms/index.ts';
import { runToEnd } from './run-to-end.ts';
import { platformOf, type Variant } from './variant.ts';

const iterations = 8;

/**
 * How many times the instructions two harts need to do under one lock what one hart does alone; the rest is waiting. It is
 * a property of the model, so it does not depend on the engine.
 */
export function contentionOf(program: NamedFile, variant: Variant, quantum: string): number {
  const counts = ([1, 2] as const).map((harts) => {
    const platform = platformOf({ harts, quantum }, variant);
    if (platform === undefined) throw new Error(`no machine with quantum ${quantum}`);
    const work = { iterations: iterations / harts, harts };
    return runToEnd(platform, program, work).machine.instructionCount;
  });
  return (counts[1] ?? 0) / (counts[0] ?? 0);
}
