import test from 'ava';
import { readBaseline } from '../../cli/baseline/baseline-folder.ts';
import { countRun } from '../../cli/baseline/counted-run.ts';
import { readSuite } from '../../cli/baseline/suite.ts';
import { judge } from '../../cli/baseline/verdict.ts';
import { verdictText } from '../../cli/baseline/verdict-text.ts';
import { figuresOf } from '../../cli/stats/figures.ts';
import { inProject } from '../harness/project-root.ts';

const silent = { result: () => undefined, remark: () => undefined, isTerminal: false };
const suite = readSuite(inProject('baselines', 'suite.yaml'), []);

for (const run of suite.runs) {
  test(`the counts of ${run.name} are the recorded ones, and every cycle has a reason`, async (t) => {
    const counted = await countRun(run, silent);
    const verdict = judge(readBaseline(suite.folder, run.name), counted);
    t.is(verdict.kind, 'same', verdictText([{ name: run.name, verdict }], 10));
    const cycles = new Map<string, number>();
    const reasons = new Map<string, number>();
    for (const { name, value } of figuresOf(counted.stats)) {
      const [, hart = '', rest = ''] = /^(hart\.\d+)\.(cycles$|cycle-tree\.)/.exec(name) ?? [];
      if (rest === 'cycles') cycles.set(hart, value);
      else if (rest !== '') reasons.set(hart, (reasons.get(hart) ?? 0) + value);
    }
    t.true(cycles.size > 0);
    t.deepEqual(reasons, cycles);
  });
}
