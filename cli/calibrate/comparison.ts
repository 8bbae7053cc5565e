import type { Expectation } from './expectations.ts';
import type { ProgramMeasurement } from './measure.ts';

/** A region of the table beside what the model says of it. */
export interface ComparedRegion extends Expectation {
  /** `undefined` if the program did not report the region. */
  readonly modelCycles: number | undefined;
  readonly modelInstret: number | undefined;
  /** Relative error of the cycles, signed; infinite without a figure or with other instructions. */
  readonly error: number;
}

/** The regions of one class of programs. */
export interface ClassSummary {
  readonly name: string;
  readonly regions: number;
  readonly exact: number;
  /** Mean and largest size of the relative error. */
  readonly mean: number;
  readonly maximum: number;
  /** The region with the largest error. */
  readonly worst: string;
}

/** Sets what the model measured beside what the table expects, in the order of the table. */
export function compareRegions(
  expectations: readonly Expectation[],
  measured: ReadonlyMap<string, ProgramMeasurement>,
): readonly ComparedRegion[] {
  return expectations.map((expectation) => {
    const { program, region, cycles, instret } = expectation;
    const found = measured.get(program)?.regions.find(({ name }) => name === region);
    const isComparable = found?.instret === instret;
    const error = isComparable ? (found.cycles - cycles) / cycles : Infinity;
    return { ...expectation, modelCycles: found?.cycles, modelInstret: found?.instret, error };
  });
}

/** A micro program (`m04_branch`) is a class of its own, programs of another family are one, warm and cold apart. */
function className({ program, region }: Expectation): string {
  const [family = program] = program.split('_');
  if (/^m\d/.test(family)) return program;
  const isCold = region.includes('cold');
  return family === 'r' ? `${family} ${isCold ? 'cold' : 'warm'}` : family;
}

/** Sums the regions up by class. */
export function summarize(regions: readonly ComparedRegion[]): readonly ClassSummary[] {
  const classes = new Map<string, ComparedRegion[]>();
  for (const region of regions) {
    const name = className(region);
    classes.set(name, [...(classes.get(name) ?? []), region]);
  }
  return [...classes].map(([name, members]) => summaryOf(name, members));
}

function summaryOf(name: string, members: readonly ComparedRegion[]): ClassSummary {
  const errors = members.map(({ error }) => Math.abs(error));
  const maximum = Math.max(...errors);
  return {
    name,
    regions: members.length,
    exact: members.filter(({ error }) => error === 0).length,
    mean: errors.reduce((sum, error) => sum + error, 0) / errors.length,
    maximum,
    worst: members[errors.indexOf(maximum)]?.region ?? '',
  };
}
