import type { z } from 'zod';
import { entryAt, plainValue, writtenText, type ConfigNode } from './config-node.ts';
import type { Diagnostic } from './diagnostic.ts';
import { suggestName } from './nearest-name.ts';
import { expectation, kindsOf, namesOf, schemaAt, type SchemaNode } from './schema-guide.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** The finding that names are missing. */
export const MISSING_NAMES = 'E-CFG-006';

/** Names that a message lists before it only counts the rest. */
const shownNameCount = 5;

interface Subject {
  readonly root: ConfigNode;
  readonly schema: SchemaNode;
  readonly plain: unknown;
}

/** Validates a tree and turns every finding of the schema into a diagnostic with its place. */
export function validate<Schema extends z.ZodType>(
  root: ConfigNode,
  rules: { readonly schema: Schema; readonly guide: SchemaNode },
  diagnostics: Diagnostic[],
): z.output<Schema> | undefined {
  const plain = plainValue(root);
  const result = rules.schema.safeParse(plain);
  if (result.success) return result.data;
  const subject = { root, schema: rules.guide, plain };
  const { issues } = result.error;
  const missing = issues.filter((issue) => isMissing(issue, subject));
  for (const issue of issues) {
    if (!missing.includes(issue)) diagnostics.push(...explain(issue, subject));
  }
  const owners = new Set(missing.map(({ path }) => dotted(path.slice(0, -1))));
  for (const owner of owners) {
    const group = missing.filter(({ path }) => dotted(path.slice(0, -1)) === owner);
    diagnostics.push(missingKeys(group, subject));
  }
  return undefined;
}

function isMissing(issue: Issue, { root }: Subject): boolean {
  return issue.code !== 'unrecognized_keys' && entryAt(root, issue.path) === undefined;
}

function explain(issue: Issue, subject: Subject): Diagnostic[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(key, issue.path, subject));
  }
  const isKind = issue.code === 'invalid_union' && issue.discriminator !== undefined;
  return [isKind ? unknownKind(issue, subject) : wrongValue(issue, subject)];
}

function unknownKey(key: string, path: Path, subject: Subject): Diagnostic {
  const names = namesOf(schemaAt(subject.schema, path, subject.plain));
  const entry = entryAt(subject.root, [...path, key]);
  const suggestion = suggestName(key, names);
  const meant = names.find((name) => suggestion.includes(`'${name}'`));
  const about =
    meant === undefined ? undefined : schemaAt(subject.schema, [...path, meant], subject.plain);
  return {
    code: 'E-CFG-003',
    message: `unknown parameter '${key}' ${place(path, subject)}`,
    origin: entry?.keyOrigin,
    label: about === undefined ? suggestion : `${suggestion}  (${expectation(about)})`,
    help: 'dvlab describe components',
  };
}

function unknownKind(issue: Issue, subject: Subject): Diagnostic {
  const owner = issue.path.slice(0, -1);
  const entry = entryAt(subject.root, issue.path);
  const kinds = kindsOf(schemaAt(subject.schema, owner, subject.plain));
  const written = entry === undefined ? '' : writtenText(entry.node);
  return {
    code: 'E-CFG-007',
    message: `unknown kind '${written}' of '${dotted(owner)}'`,
    origin: entry?.node.origin,
    label: suggestName(written, kinds),
    help: 'dvlab describe components',
  };
}

function missingKeys(issues: readonly Issue[], subject: Subject): Diagnostic {
  const paths = issues.map(({ path }) => path);
  const owner = paths[0]?.slice(0, -1) ?? [];
  const names = paths.slice(0, shownNameCount).map((path) => `'${String(path.at(-1))}'`);
  if (paths.length > shownNameCount) names.push(`${String(paths.length - shownNameCount)} more`);
  const isSingle = paths.length === 1;
  const kinds = kindsOf(schemaAt(subject.schema, owner, subject.plain));
  const schema = schemaAt(subject.schema, paths[0] ?? [], subject.plain);
  const expected = kinds.length > 0 ? `one of ${kinds.join(', ')}` : expectation(schema);
  return {
    code: MISSING_NAMES,
    message: `missing parameter${isSingle ? '' : 's'} ${names.join(', ')} ${place(owner, subject)}`,
    origin: lastGiven(owner, subject.root)?.keyOrigin,
    label: isSingle ? `expected ${expected}` : `${String(paths.length)} are missing`,
    help: 'dvlab describe components',
  };
}

function wrongValue(issue: Issue, subject: Subject): Diagnostic {
  const entry = entryAt(subject.root, issue.path);
  const written = entry === undefined ? 'nothing' : writtenText(entry.node);
  const isRange = isOutOfRange(issue);
  const isExplained = issue.code === 'custom' && issue.params?.['isExplained'] === true;
  const reason = isExplained ? `${issue.message}; ` : '';
  return {
    code: isRange ? 'E-CFG-005' : 'E-CFG-004',
    message: `${isRange ? 'value out of range' : 'wrong value'} for '${dotted(issue.path)}': ${written}`,
    origin: entry?.node.origin,
    label: `${reason}expected ${expectation(schemaAt(subject.schema, issue.path, subject.plain))}`,
  };
}

function isOutOfRange(issue: Issue): boolean {
  if (issue.code === 'too_big' || issue.code === 'too_small') return true;
  return issue.code === 'custom' && issue.params?.['isOutside'] === true;
}

function lastGiven(path: Path, root: ConfigNode) {
  for (let length = path.length; length >= 0; length -= 1) {
    const entry = entryAt(root, path.slice(0, length));
    if (entry !== undefined) return entry;
  }
  return undefined;
}

function place(path: Path, subject: Subject): string {
  if (path.length === 0) return 'of the platform';
  const node = entryAt(subject.root, path)?.node;
  const kind = node?.kind === 'map' ? node.entries.get('kind')?.node : undefined;
  const kindPhrase = kind === undefined ? '' : ` (a '${writtenText(kind)}')`;
  return `of '${dotted(path)}'${kindPhrase}`;
}

function dotted(path: Path): string {
  return path.map(String).join('.');
}
