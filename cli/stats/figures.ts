import type { Stats } from './stats-file.ts';

/** One number of a run by its dotted name: `hart.0.cycle-tree.VS.issue`. */
export interface Figure {
  readonly name: string;
  readonly value: number;
}

const head = new Set(['schema', 'platform', 'timing', 'quantum']);

/** Every number of `stats.json`, in its order; VM exits are named by their handler and cause. */
export function figuresOf(stats: Stats): readonly Figure[] {
  return Object.entries(stats).flatMap(([name, value]) => {
    return head.has(name) ? [] : figuresBelow([name], value);
  });
}

function figuresBelow(path: readonly string[], value: unknown): readonly Figure[] {
  if (typeof value === 'number') return [{ name: path.join('.'), value }];
  if (Array.isArray(value)) return value.flatMap((item) => figuresOfExit(path, item));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => figuresBelow([...path, name], inner));
}

function figuresOfExit(path: readonly string[], item: unknown): readonly Figure[] {
  const { handler, cause, ...spreads } = item as {
    readonly handler: string;
    readonly cause: string;
  };
  return figuresBelow([...path, handler, cause], spreads);
}
