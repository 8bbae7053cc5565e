import test from 'ava';
import fc from 'fast-check';
import { readFromProject, reportOf } from './report.ts';

const path = 'platforms/duvisor-2hart.yaml';
const good = readFromProject(path);

/** What is told of a platform file whose text is this. */
function reportOfText(text: string): string {
  return reportOf(path, { readText: (name) => (name === path ? text : readFromProject(name)) });
}

const pieces = fc.constantFrom(
  ...[
    '',
    ' ',
    '\n',
    ':',
    ': ',
    '{',
    '}',
    '~',
    '- ',
    '"',
    '&a ',
    '*a',
    '!!map ',
    '0x',
    '-1',
    '%',
    '? ',
  ],
  ...['1e9', '__proto__', 'constructor', 'toString', '[]', '<<: ', '---\n', '...\n', '#', '|', '>'],
);

test('no damage to a platform file makes loading throw anything but a report', (t) => {
  const damage = fc.record({ at: fc.nat(good.length), length: fc.nat(12), piece: pieces });
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (damages) => {
      const text = damages.reduce((before, { at, length, piece }) => {
        return before.slice(0, at) + piece + before.slice(at + length);
      }, good);
      reportOfText(text);
    }),
    { numRuns: 150 },
  );
  t.pass();
});

test('names of object properties are names like any other', (t) => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    t.regex(reportOfText(`${good}\n${name}: 1\n`), new RegExp(`unknown parameter '${name}'`));
    t.regex(reportOfText(good.replace('clint:', `${name}:`)), /^error\[E-CFG/);
  }
});

test('an empty file is missing everything', (t) => {
  t.regex(reportOfText(''), /^error\[E-CFG-006\]: missing parameters 'name', 'harts', 'memory'/);
});
