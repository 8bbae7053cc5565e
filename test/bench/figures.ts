import type { Result } from './result.ts';

/** One number for scripts. */
export interface Figure {
  /** `workload/variant`, and what it is compared with. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** The line that scripts look for. */
export function figureLine({ name, value, unit }: Figure): string {
  return `figure ${name} ${value.toPrecision(4)} ${unit}`;
}

/** A figure for every result, and how many times as fast as each reference simulator it is. */
export function figuresOf(results: readonly Result[], references: readonly string[]): Figure[] {
  return results.flatMap((result) => {
    const { workload, variant, median, unit } = result;
    const name = `${workload}/${variant.replace(' ', '/')}`;
    const others = results.filter((other) => {
      return other.workload === workload && references.includes(other.variant) && other !== result;
    });
    const ratios = others.map((other) => {
      const value = unit === 'MIPS' ? median / other.median : other.median / median;
      return { name: `${name}/${other.variant}`, value, unit: 'ratio' };
    });
    const isReference = references.includes(variant);
    return [{ name, value: median, unit }, ...(isReference ? [] : ratios)];
  });
}

/** How much of one hart's speed several harts have together, in each variant. */
export function hartFigures(results: readonly Result[]): Figure[] {
  const alone = results.filter(({ workload }) => workload === 'harts-1');
  return alone.flatMap(({ variant, median }) => {
    return results
      .filter((other) => other.variant === variant && /^harts-[24]$/.test(other.workload))
      .map((other) => ({
        name: `${other.workload}/${variant.replace(' ', '/')}/harts-1`,
        value: other.median / median,
        unit: 'ratio',
      }));
  });
}
