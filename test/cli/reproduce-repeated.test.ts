import test from 'ava';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { comparisonRuns } from '../../cli/reproduce/comparison.ts';
import { figure8 } from '../../cli/reproduce/figure-8.ts';
import { measureRuns } from '../../cli/reproduce/measure-runs.ts';
import { dvlab, scratch } from './command-line.ts';

// Figure 6 and the tables are repeated where they are tested.

const silent = { result: () => undefined, remark: () => undefined, isTerminal: false };

test.serial('fig8: one thread measures what several measure', async (t) => {
  const options = { platform: figure8.platform, set: [], size: 1 };
  const runs = comparisonRuns(figure8, options).slice(0, 2);
  t.deepEqual(await measureRuns(runs, silent, 1), await measureRuns(runs, silent, 2));
});

test.serial('fig9b writes the same bytes each time', async (t) => {
  const reproduce = async () => {
    const out = scratch('fig9b');
    const flags = ['--platform', 'duvisor-2hart', '--iterations', '16384'];
    const { result } = await dvlab('reproduce', 'fig9b', '--out', out, ...flags);
    const kinds = ['json', 'csv', 'svg'];
    return [result, ...kinds.map((kind) => readFileSync(join(out, `fig9b.${kind}`), 'utf8'))];
  };
  t.deepEqual(await reproduce(), await reproduce());
});
