import { exitSteps, type Hart } from '../../hw/hart/index.ts';

/** VM exits as one tidy table: a row per hart, handler, cause and step; `total` is what the guest loses. */
export function exitsCsv(harts: readonly Hart[]): string {
  const rows = harts.flatMap(({ id, exits }) =>
    exits.summaries().flatMap(({ handler, cause, total, steps }) => {
      const spreads = [
        ['total', total] as const,
        ...exitSteps.map((step) => [step, steps[step]] as const),
      ];
      return spreads.map(([step, { count, min, mean, max }]) =>
        [id, handler, cause, step, count, min, mean, max].join(','),
      );
    }),
  );
  return `${['hart,handler,cause,step,count,min,mean,max', ...rows].join('\n')}\n`;
}
