import type { Machine } from '../../platforms/index.ts';

/** The schema of `stats.json`; another one is not comparable. */
export const statsSchema = 'dvlab-stats-1';

/** The name of the file in a run's folder. */
export const statsName = 'stats.json';

/** What `stats.json` holds: a head, then figures nested by group. */
export interface Stats {
  readonly schema: string;
  readonly platform: string;
  readonly timing: string;
  /** Exact, or the core cycles by which effects between harts may come late. */
  readonly quantum: string | number;
  readonly [group: string]: unknown;
}

/** The contents of `stats.json`. */
export function statsText(stats: Stats): string {
  return `${JSON.stringify(stats, undefined, 2)}\n`;
}

/** The figures of a run; a quantum other than exact says that effects between harts may come late. */
export function statsOf({ platform, statistics }: Machine): Stats {
  const { name, quantum, harts } = platform;
  const head = { schema: statsSchema, platform: name, timing: harts.timing.name, quantum };
  return { ...head, ...statistics.snapshot() };
}
