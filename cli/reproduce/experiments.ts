import { comparisonExperiment } from './comparison-experiment.ts';
import { table5, table6 } from './confinement.ts';
import { figure6 } from './figure-6.ts';
import { figure8 } from './figure-8.ts';
import { figure9b } from './figure-9b.ts';
import type { Experiment } from './reproduce-options.ts';

/** The experiments by the name that `dvlab reproduce` takes. */
export const experiments: Readonly<Record<string, Experiment>> = {
  fig6: figure6,
  fig8: comparisonExperiment(figure8),
  fig9b: comparisonExperiment(figure9b),
  table5,
  table6,
};
