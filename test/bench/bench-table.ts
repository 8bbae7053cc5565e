import { textTable } from '../../cli/text-table.ts';
import type { Result } from './result.ts';

/** A line per workload, a column per variant; `-` where there is no such variant. */
export function tableOf(results: readonly Result[]): readonly string[] {
  if (results.length === 0) return [];
  const variants = [...new Set(results.map(({ variant }) => variant))];
  const names = [...new Set(results.map(({ workload }) => workload))];
  const rows = names.map((name) => {
    const own = results.filter(({ workload }) => workload === name);
    const cells = variants.map((variant) => {
      return own.find((result) => result.variant === variant)?.median.toPrecision(4) ?? '-';
    });
    return [name, own[0]?.unit ?? '', ...cells];
  });
  const columns = variants.map((_, index) => index + 2);
  return textTable([['workload', 'unit', ...variants], ...rows], columns);
}
