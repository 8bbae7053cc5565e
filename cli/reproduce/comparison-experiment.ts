import { ExitCode } from '../exit-code.ts';
import { groupDigits } from '../text-table.ts';
import { comparisonRows, comparisonRuns, type ComparisonFigure } from './comparison.ts';
import { comparisonChart } from './comparison-chart.ts';
import { comparisonCsv, comparisonJson, comparisonText } from './comparison-report.ts';
import { measureRuns } from './measure-runs.ts';
import { refuse, writeResults, type Experiment } from './reproduce-options.ts';

/** The experiment that a figure of two sides is. */
export function comparisonExperiment(figure: ComparisonFigure): Experiment {
  const { name, title, sizeUnit } = figure;
  return {
    summary: `${title}; ${groupDigits(figure.size)} ${sizeUnit}, quick ${groupDigits(figure.quickSize)}`,
    async run(options, output) {
      if (options.stack.length > 0) refuse(name, '--stack');
      const size = options.iterations ?? (options.quick ? figure.quickSize : figure.size);
      const { set, platform = figure.platform } = options;
      const measurements = await measureRuns(
        comparisonRuns(figure, { platform, set, size }),
        output,
      );
      const rows = comparisonRows(figure, size, measurements);
      output.result(comparisonText(figure, size, rows));
      const files = {
        [`${name}.json`]: comparisonJson(figure, size, rows, measurements),
        [`${name}.csv`]: comparisonCsv(rows),
        [`${name}.svg`]: comparisonChart(figure, rows),
      };
      writeResults(name, options, files, output);
      return ExitCode.passed;
    },
  };
}
