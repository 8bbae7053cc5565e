import fc from 'fast-check';
import { compute } from './compute.ts';
import { type Environment, environment } from './environment.ts';
import { BLOCK_COUNT, blockItem, FUNCTION_COUNT, skip } from './flow.ts';
import { type Item, render, weighted } from './item.ts';
import { CODE_PAGE } from './layout.ts';
import { memory } from './memory.ts';
import { PATCH_COUNT, patchable, rewriting } from './rewriting.ts';
import { system } from './system.ts';

/** A program, and what it runs in. */
export interface RandomProgram {
  readonly environment: Environment;
  /** Assembly text; the program begins at `begin`. */
  readonly text: string;
  /** Address of its first byte. */
  readonly base: number;
  /** From which registers and data are made. */
  readonly seed: number;
}

/** Parts that a program may do without. */
export interface Ingredients {
  readonly compressed?: fc.Arbitrary<boolean>;
  readonly rewriting?: boolean;
  readonly system?: boolean;
}

const PATCHES_PER_BLOCK = PATCH_COUNT / BLOCK_COUNT;

function textOf(blocks: readonly (readonly Item[])[], functions: readonly (readonly Item[])[]) {
  let count = 0;
  const lines = render(
    [
      'begin:',
      blocks.map((items, index) => [
        `b${String(index)}:`,
        Array.from({ length: PATCHES_PER_BLOCK }, (_, patch) =>
          patchable(index * PATCHES_PER_BLOCK + patch),
        ),
        items,
      ]),
      // Again from the beginning, with other registers, until the time is over.
      'end: j begin',
      functions.map((items, index) => [`f${String(index)}:`, items, 'ret']),
    ],
    () => count++,
  );
  return lines.filter((line) => line !== '').join('\n');
}

function programIn(env: Environment, ingredients: Ingredients): fc.Arbitrary<RandomProgram> {
  const { compressed, isCalm } = env;
  const computing = compute(env);
  const straight = weighted(
    [6, computing],
    [6, memory(env)],
    [ingredients.rewriting === false ? 0 : 1, rewriting(env)],
    [ingredients.system === false ? 0 : isCalm ? 1 : 2, system(env)],
  );
  const blocks = Array.from({ length: BLOCK_COUNT }, (_, index) =>
    fc.array(blockItem(index, straight, computing, env), { maxLength: 7 }),
  );
  const body = weighted([4, straight], [1, skip(computing, compressed)]);
  const functions = Array.from({ length: FUNCTION_COUNT }, () => fc.array(body, { maxLength: 5 }));
  return fc
    .record({
      blocks: fc.tuple(...blocks),
      functions: fc.tuple(...functions),
      // So that instructions lie across the boundary of pages.
      start: fc.integer({ min: 0, max: 60 }).map((step) => step * (compressed ? 2 : 4)),
      seed: fc.integer(),
    })
    .map(({ blocks: items, functions: bodies, start, seed }) => ({
      environment: env,
      text: textOf(items, bodies),
      base: CODE_PAGE + 0x1000 - 240 + start,
      seed,
    }));
}

/** Any program. */
export function randomProgram(ingredients: Ingredients = {}): fc.Arbitrary<RandomProgram> {
  return environment(ingredients.compressed ?? fc.boolean()).chain((env) =>
    programIn(env, ingredients),
  );
}
