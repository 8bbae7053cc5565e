import { createHash } from 'node:crypto';
import type { NamedFile } from '../boot/boot-bare.ts';
import type { Platform } from '../platform.ts';
import { checkpointError } from './checkpoint-error.ts';

/** A platform as a checkpoint names it: every value that decides what the machine does. */
export interface SavedPlatform {
  readonly name: string;
  readonly sha256: string;
  readonly values: readonly SavedValue[];
}

type SavedValue = readonly [path: string, text: string];

/** Programs by their role, each by the hash of its file. */
export type SavedPrograms = Readonly<
  Record<string, { readonly name: string; readonly sha256: string }>
>;

/** Programs by their role. */
export type Programs = Readonly<Record<string, NamedFile>>;

/** Values that change no result, and those that say what a parameter of the timing is. */
const invisible: ReadonlySet<string> = new Set(['engine', 'summary']);
const explanations: ReadonlySet<string> = new Set(['summary', 'unit', 'source', 'description']);

/** A value's path in a checkpoint; `undefined` if it decides nothing. A timing parameter may be a number or an object with one. */
function decisivePath(path: readonly string[]): string | undefined {
  const last = path.at(-1) ?? '';
  const isTiming = path[0] === 'harts' && path[1] === 'timing';
  if (isTiming && explanations.has(last)) return undefined;
  const name = (isTiming && last === 'value' ? path.slice(0, -1) : path).join('.');
  return invisible.has(name) ? undefined : name;
}

/** What a checkpoint says about its platform. */
export function savedPlatform({ name, values }: Platform): SavedPlatform {
  const decisive = values.flatMap(({ path, text }): SavedValue[] => {
    const name = decisivePath(path);
    return name === undefined ? [] : [[name, text]];
  });
  return { name, sha256: sha256(JSON.stringify(decisive)), values: decisive };
}

/** What a checkpoint says about the programs that were booted. */
export function savedPrograms(programs: Programs): SavedPrograms {
  return Object.fromEntries(
    Object.entries(programs).map(([role, { name, bytes }]) => {
      return [role, { name, sha256: sha256(bytes) }] as const;
    }),
  );
}

/** Refuses a checkpoint of another platform, naming the first value that differs. */
export function checkPlatform(file: string, saved: SavedPlatform, platform: Platform): void {
  const own = savedPlatform(platform);
  if (own.sha256 === saved.sha256) return;
  const there = new Map(saved.values);
  const here = new Map(own.values);
  const paths = [...new Set([...here.keys(), ...there.keys()])];
  const path = paths.find((each) => here.get(each) !== there.get(each)) ?? 'name';
  const [present = 'absent', expected = 'absent'] = [here.get(path), there.get(path)];
  const message = `${file} is of another machine: ${path} is ${present}, in the checkpoint ${expected}`;
  throw checkpointError('E-CKP-005', message, {
    origin: platform.originOf(path.split('.')),
    label: `expected ${expected}`,
    help: 'a checkpoint goes on only on the platform on which it was made; engine may differ',
  });
}

/** Refuses a checkpoint of other programs, where both sides say which. */
export function checkPrograms(file: string, saved: SavedPrograms, programs: Programs): void {
  for (const [role, { name, sha256: expected }] of Object.entries(saved)) {
    const own = savedPrograms(programs)[role];
    if (own?.sha256 === expected) continue;
    const instead = own === undefined ? 'nothing was booted' : `${own.name} differs from it`;
    const message = `${file} was made with another program: ${role} was ${name}, and ${instead}`;
    throw checkpointError('E-CKP-007', message, {
      help: 'repeat the command that made the checkpoint, and add --restore',
    });
  }
}

function sha256(contents: string | Uint8Array): string {
  return createHash('sha256').update(contents).digest('hex');
}
