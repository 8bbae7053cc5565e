import test from 'ava';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dvlab, scratch } from './command-line.ts';

const hello = 'platform: duvisor-2hart, stack: firmware, guest: hello';

/** A suite in a folder of its own, and the words that name it. */
function suiteOf(...runs: readonly string[]): {
  readonly folder: string;
  readonly words: string[];
} {
  const folder = scratch('suite');
  mkdirSync(folder);
  const file = join(folder, 'suite.yaml');
  writeFileSync(file, `runs:\n${runs.map((run) => `  ${run}\n`).join('')}`);
  return { folder, words: ['--suite', file] };
}

const read = (...path: readonly string[]): string => readFileSync(join(...path), 'utf8');

test('what was recorded is found again; a count that has moved fails with its leaf, in every form', async (t) => {
  const { folder, words } = suiteOf(
    `good: { ${hello} }`,
    `moved: { ${hello} }`,
    `changed: { ${hello}, set: [harts.timing.parameters.branchMispredict=7] }`,
    `new: { ${hello} }`,
  );
  const first = await dvlab('baseline', 'update', 'good', '--reason', 'a & b', ...words);
  t.is(first.status, 0, first.remarks);
  t.is(first.result, 'good: recorded\n');
  t.is(read(folder, 'good', 'reason.txt'), 'a & b\n');
  const again = await dvlab('baseline', 'update', 'good', '--reason', 'c', ...words);
  t.is(again.result, 'good: unchanged\n');
  t.is(read(folder, 'good', 'reason.txt'), 'a & b\n');

  for (const name of ['moved', 'changed']) {
    cpSync(join(folder, 'good'), join(folder, name), { recursive: true });
  }
  const stats = read(folder, 'good', 'stats.json');
  const one = /"issue": ([1-9]\d+)/.exec(stats)?.[1] ?? '';
  const damaged = stats.replace(`"issue": ${one}`, `"issue": ${String(Number(one) - 5)}`);
  writeFileSync(join(folder, 'moved', 'stats.json'), damaged);

  t.is((await dvlab('baseline', 'check', 'moved', ...words)).status, 25);
  const [xml, lines] = [join(folder, 'x.xml'), join(folder, 'x.tap')];
  const all = await dvlab('baseline', 'check', ...words, '--junit', xml, '--tap', lines);
  t.is(all.status, 28);
  t.regex(all.result, /^good: [\d,]+ cycles, as recorded$/m);
  t.regex(all.result, /^moved: counts have moved$[^]*^ {2}hart\.0 \w+ issue +[\d,]+ +[\d,]+ +\+5/m);
  t.regex(
    all.result,
    /^changed: .*E-BASE-002[^]*harts\.timing\.parameters\.branchMispredict: \d -> 7/m,
  );
  t.regex(all.result, /^new: .*E-BASE-001/m);
  t.regex(all.remarks, /baseline update --reason/);
  const tap = read(lines);
  t.true(tap.startsWith('TAP version 13\n1..4\nok 1 - good: '));
  t.regex(tap, /^not ok 2 - moved: counts have moved\n# {3}A: /m);
  t.regex(tap, /^not ok 4 - new: /m);
  const junit = read(xml);
  t.regex(junit, /tests="4" failures="1" errors="2"/);
  t.regex(junit, /<testcase classname="baseline" name="good"\/>/);
  t.regex(
    junit,
    /name="moved">\n +<failure message="counts have moved">[^]*leaves of the cycle trees/,
  );
  t.regex(junit, /parameters\.branchMispredict: \d -&gt; 7/);
});

test('fewer cycles fail too, unless that is allowed; what fails is annotated', async (t) => {
  const { folder, words } = suiteOf(`faster: { ${hello} }`, `slower: { ${hello} }`);
  await dvlab('baseline', 'update', '--reason', 'first', ...words);
  for (const [name, more] of [
    ['faster', 5],
    ['slower', -5],
  ] as const) {
    const stats = read(folder, name, 'stats.json');
    const recorded = stats.replace(/(?<="machine": \{\s+"cycles": )\d+/, (cycles) => {
      return String(Number(cycles) + more);
    });
    t.not(recorded, stats);
    writeFileSync(join(folder, name, 'stats.json'), recorded);
  }
  const check = ['baseline', 'check', '--annotations', ...words];
  const strict = await dvlab(...check);
  t.is(strict.status, 25);
  t.regex(strict.result, /^::error title=dvlab baseline faster::counts have moved%0A/m);
  const lenient = await dvlab(...check, '--allow-improvement');
  t.is(lenient.status, 25);
  t.regex(lenient.result, /^faster: 5 cycles fewer than recorded, which is allowed$/m);
  t.notRegex(lenient.result, /::error title=dvlab baseline faster/);
  t.regex(lenient.result, /^::error title=dvlab baseline slower::/m);
  t.is((await dvlab(...check, 'faster', '--allow-improvement')).status, 0);
});

test('an update says why, a run that is not in the suite is refused, and so is a suite that is none', async (t) => {
  const { words } = suiteOf(`good: { ${hello} }`);
  t.is((await dvlab('baseline', 'update', ...words)).status, 2);
  const unknown = await dvlab('baseline', 'check', 'god', ...words);
  t.is(unknown.status, 2);
  t.regex(unknown.remarks, /E-USE-010.*did you mean 'good'/);
  const misspelt = suiteOf('good: { platform: duvisor-2hart, stak: firmware, guest: hello }');
  const refused = await dvlab('baseline', 'check', ...misspelt.words);
  t.is(refused.status, 20);
  t.regex(refused.remarks, /suite\.yaml:2/);
  t.is((await dvlab('baseline', 'check', '--suite', 'nowhere.yaml')).status, 21);
});
