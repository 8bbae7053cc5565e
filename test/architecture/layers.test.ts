import test from 'ava';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { inProject, projectRoot } from '../harness/project-root.ts';

const run = promisify(execFile);

interface Violation {
  readonly rule: { readonly name: string; readonly severity: string };
  readonly from: string;
  readonly to: string;
}

interface Report {
  readonly summary: { readonly violations: readonly Violation[]; readonly totalCruised: number };
}

test('blocks import only what their layer allows', async (t) => {
  t.timeout(120_000);
  const { stdout } = await run(
    process.execPath,
    [
      inProject('node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs'),
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'json',
      ...['hw', 'platforms', 'cli', 'sw/toolchain'],
    ],
    { cwd: projectRoot, maxBuffer: 1 << 28 },
  ).catch((error: unknown) => error as { stdout: string });
  const { summary } = JSON.parse(stdout) as Report;
  t.true(summary.totalCruised > 50, 'the cruise saw the project');
  t.deepEqual(
    summary.violations
      .filter(({ rule }) => rule.severity === 'error')
      .map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`),
    [],
  );
});
