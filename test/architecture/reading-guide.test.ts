import test from 'ava';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { inProject } from '../harness/project-root.ts';

const markdown = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(inProject('docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Paths in backticks that start with one of the project's folders; a `<name>` or `*` in them is a pattern, not a path. */
const paths = (text: string): readonly string[] =>
  [...text.matchAll(/`((?:hw|sw|platforms|cli|test|docs|bin)\/[^`\s]*)`/g)]
    .map(([, path]) => path ?? '')
    .filter((path) => !/[<*{…]/.test(path));

for (const file of markdown) {
  test(`${file} names only files and folders that exist`, (t) => {
    const named = paths(readFileSync(inProject(file), 'utf8'));
    t.deepEqual(
      named.filter((path) => !existsSync(inProject(path.replace(/[#:].*$/, '')))),
      [],
    );
  });
}

test('the reading guide leads through every block', (t) => {
  const guide = readFileSync(inProject('docs', 'reading-guide.md'), 'utf8');
  const blocks = ['hw', 'sw'].flatMap((layer) =>
    readdirSync(inProject(layer), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${layer}/${entry.name}`),
  );
  t.deepEqual(
    [...blocks, 'platforms', 'cli', 'test'].filter((block) => !guide.includes(`\`${block}/`)),
    [],
  );
});
