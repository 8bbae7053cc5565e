import test from 'ava';
import { readFileSync } from 'node:fs';
import { inProject } from '../harness/project-root.ts';

interface LockEntry {
  readonly version?: string;
  readonly engines?: { readonly node?: string };
  readonly optional?: boolean;
}

const lock = JSON.parse(readFileSync(inProject('package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, LockEntry>>;
};

/** The Node version that the project promises to run on. */
const promised = [20, 19, 0] as const;

/** True when one comparator such as `>=20.1`, `^18.3.0`, `20`, `<23` or `*` admits the promised version. */
function admits(comparator: string): boolean {
  const match = /^(>=|>|<=|<|\^|~|=)?\s*v?(\d+|\*|x)(?:\.(\d+|x|\*))?(?:\.(\d+|x|\*))?/.exec(
    comparator,
  );
  if (match === null) return false;
  const [, operator = '=', ...parts] = match;
  if (parts[0] === '*' || parts[0] === 'x') return true;
  const bound = parts.map((part) => Number.parseInt(part, 10) || 0);
  const order =
    promised.map((have, index) => Math.sign(have - (bound[index] ?? 0))).find((s) => s !== 0) ?? 0;
  switch (operator) {
    case '>=':
      return order >= 0;
    case '>':
      return order > 0;
    case '<=':
      return order <= 0;
    case '<':
      return order < 0;
    case '^':
      return promised[0] === bound[0] && order >= 0;
    case '~':
      return promised[0] === bound[0] && promised[1] === bound[1] && order >= 0;
    default:
      return parts[1] === undefined ? promised[0] === bound[0] : order === 0;
  }
}

/** Reads an `engines.node` range: alternatives by `||`, each a conjunction. */
function includesNode20(range: string): boolean {
  return range.split('||').some((alternative) =>
    alternative
      .trim()
      .replace(/(>=|<=|>|<|\^|~|=)\s+/g, '$1')
      .split(/\s+/)
      .every((comparator) => comparator === '' || admits(comparator)),
  );
}

test('the range reader knows the shapes that packages use', (t) => {
  t.true(includesNode20('>=18'));
  t.true(includesNode20('^20.9.0 || >=22'));
  t.true(includesNode20('18 || 20 || >=22'));
  t.true(includesNode20('>= 14.18.0 < 23'));
  t.true(includesNode20('*'));
  t.false(includesNode20('>=22.18'));
  t.false(includesNode20('^22 || >=24'));
  t.false(includesNode20('>=20.20'));
  t.false(includesNode20('<20'));
});

test('every locked package runs on Node 20', (t) => {
  const entries = Object.entries(lock.packages).filter(([path]) => path !== '');
  t.true(entries.length > 100);
  const refused = entries
    .filter(([, entry]) => entry.engines?.node !== undefined)
    .filter(([, entry]) => !includesNode20(entry.engines?.node ?? '*'))
    .map(([path, entry]) => `${path}@${entry.version ?? '?'} wants ${entry.engines?.node ?? ''}`);
  t.deepEqual(refused, []);
});
