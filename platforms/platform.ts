import { resolveDvExt, type DvExt } from '../hw/dv-ext/index.ts';
import { nestKnobs, overridesOf } from './dv-ext-schema.ts';
import { checkDvExt } from './dv-ext-check.ts';
import { checkMachine } from './machine-check.ts';
import { spellOutNoTiming } from './no-timing.ts';
import {
  fileReferences,
  platformGuide,
  platformSchema,
  type PlatformData,
} from './platform-schema.ts';
import { entryAt, plainValue, type MapNode } from './source/config-node.ts';
import { resolveValues, type ResolvedValue } from './resolved.ts';
import type { Diagnostic } from './source/diagnostic.ts';
import { refuse } from './source/dvlab-error.ts';
import { expandReferences, loadTree, readFromDisk, type ReadText } from './source/file-loader.ts';
import type { Origin } from './source/origin.ts';
import { applyOverride } from './source/override.ts';
import { namesOf, schemaAt } from './source/schema-guide.ts';
import { MISSING_NAMES, validate } from './source/validate.ts';
import type { Wire } from './wiring.ts';

/** A validated machine description: what `elaborate` builds from. */
export interface Platform extends Omit<PlatformData, 'wires' | 'harts'> {
  readonly path: string;
  readonly harts: Omit<PlatformData['harts'], 'dvExt'> & { readonly dvExt: DvExt };
  readonly wires: readonly Wire[];
  /** Every value, with where it was written. */
  readonly values: readonly ResolvedValue[];
  /** Where the value at a path was written; undefined for a default. */
  originOf(path: readonly string[]): Origin | undefined;
}

/** How a platform is loaded. */
export interface LoadOptions {
  /** Assignments `path=value` that come after the files, as `--set` gives them. */
  readonly set?: readonly string[] | Readonly<Record<string, string | number>>;
  readonly readText?: ReadText;
}

/** The finding that a file which another one names cannot be read. */
const UNREADABLE_FILE = 'E-CFG-009';

/** Findings that must be right before anything below them is worth reading. */
const structural = ['E-CFG-001', UNREADABLE_FILE, 'E-CFG-010', 'E-CFG-013', 'E-IMG-001'];

/** Reads a platform file with everything it extends; throws one DvlabError that names every mistake. */
export function loadPlatform(path: string, options: LoadOptions = {}): Platform {
  const diagnostics: Diagnostic[] = [];
  const { readText = readFromDisk } = options;
  const files = loadFiles(path, readText, diagnostics);
  const loading = { readText, diagnostics, references: fileReferences };
  const root = assignments(options.set).reduce((current, assignment) => {
    const set = applyOverride(current, assignment, knownNames, diagnostics);
    return spellOutNoTiming(expandReferences(set, path, loading));
  }, spellOutNoTiming(files));
  if (diagnostics.some(({ code }) => code === UNREADABLE_FILE)) refuse(diagnostics);
  const data = validate(root, { schema: platformSchema, guide: platformGuide }, diagnostics);
  const wires = checkMachine(root, diagnostics);
  if (data !== undefined) checkDvExt(data.harts.dvExt, { root, wires, diagnostics });
  refuse(diagnostics);
  if (data === undefined) throw new Error('an invalid platform without a finding');
  const dvExt = resolveDvExt(data.harts.dvExt.profile, overridesOf(data.harts.dvExt));
  const harts = { ...data.harts, dvExt };
  const values = resolveValues({ ...data, harts: { ...harts, dvExt: nestKnobs(dvExt) } }, root);
  const originOf: Platform['originOf'] = (place) => entryAt(root, place)?.node.origin;
  return { ...data, harts, path, wires, values, originOf };
}

function loadFiles(path: string, readText: ReadText, diagnostics: Diagnostic[]): MapNode {
  const tree = loadTree(path, { readText, diagnostics, references: fileReferences });
  const isBroken = diagnostics.some(({ code }) => structural.includes(code));
  const lacksFile = isBroken && diagnostics.every(({ code }) => code === UNREADABLE_FILE);
  if (tree !== undefined && lacksFile) diagnostics.push(...mistakesInPart(tree));
  if (tree === undefined || isBroken) refuse(diagnostics);
  if (tree === undefined) throw new Error('an unreadable platform without a finding');
  return tree;
}

/** What is wrong in the files that could be read, while names may be missing because of one that could not. */
function mistakesInPart(tree: MapNode): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  validate(tree, { schema: platformSchema, guide: platformGuide }, found);
  return found.filter(({ code }) => code !== MISSING_NAMES);
}

function assignments(set: LoadOptions['set'] = []): readonly string[] {
  if (isList(set)) return set;
  return Object.entries(set).map(([key, value]) => `${key}=${String(value)}`);
}

function isList(set: NonNullable<LoadOptions['set']>): set is readonly string[] {
  return Array.isArray(set);
}

function knownNames(path: readonly string[], root: MapNode): readonly string[] {
  return namesOf(schemaAt(platformGuide, path, plainValue(root)));
}
