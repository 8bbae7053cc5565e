import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { inProject } from '../harness/project-root.ts';

const manual = readFileSync(inProject('docs', 'timing.md'), 'utf8');
const headings = new Set([...manual.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading));

function citations(folder: string): readonly (readonly [file: string, heading: string])[] {
  return readdirSync(inProject(folder))
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const text = readFileSync(inProject(folder, name), 'utf8');
      const quotations = [...text.matchAll(/docs\/timing\.md, ((?:"[^"]+"(?: and )?)+)/g)];
      return quotations.flatMap(([, list = '']) =>
        [...list.matchAll(/"([^"]+)"/g)].map(([, heading = '']) => [name, heading] as const),
      );
    });
}

test('every heading of docs/timing.md that code and tests cite is there', (t) => {
  const cited = [...citations('test/timing'), ...citations('hw/timing')];
  t.true(cited.length > 10);
  for (const [file, heading] of cited) t.true(headings.has(heading), `${file}: ${heading}`);
});

test('every mechanism that is modelled is cited by a test of its cycles', (t) => {
  const cited = new Set(citations('test/timing').map(([, heading]) => heading));
  const untested = [...headings].filter((heading) => heading !== undefined && !cited.has(heading));
  // Calibration is about all of them. Counters count what the others cost; test/hw/hart/performance-counters.test.ts compares them.
  t.deepEqual(untested, ['Counters', 'Calibration', 'Not modelled yet']);
});
