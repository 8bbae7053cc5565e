import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import {
  deviceTreeText,
  resolvedText,
  type Booted,
  type NamedFile,
  type Platform,
} from '../../platforms/index.ts';
import { statsCsv } from '../stats/stats-csv.ts';
import { statsName, statsOf, statsText } from '../stats/stats-file.ts';
import { cannotWrite, writeFile } from '../write-file.ts';
import type { Driven } from './drive.ts';
import { exitsCsv } from '../exits/exits-csv.ts';
import { shapeOf } from './guest-shape.ts';
import type { EndReport } from './report-end.ts';
import type { RunOptions } from './run-options.ts';

/** The programs of a run by their role. */
export type Images = Readonly<Record<string, NamedFile>>;

/** Everything that a run leaves behind. */
export interface RunRecord {
  readonly booted: Booted;
  readonly driven: Driven;
  readonly report: EndReport;
  readonly options: RunOptions;
  readonly images: Images;
  /** More files, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** The last traps, if the run did not pass. */
  readonly lastEvents: string | undefined;
}

/** The folder of a run that names none: the same for the same platform, programs and options. */
export function runFolder(platform: Platform, options: RunOptions, images: Images): string {
  const hash = createHash('sha256').update(resolvedText(platform));
  const { vcpus, memory } = shapeOf(options);
  const { append = '', devices = '', megapages = false } = options;
  hash.update(`${String(vcpus)} ${String(memory)} ${append} ${String(megapages)} ${devices}`);
  for (const { bytes } of Object.values(images)) hash.update(bytes);
  const guest = basename(options.guest ?? 'run').replace(/\.[^.]*$/, '');
  const name = `${platform.name}-${guest}-${hash.digest('hex').slice(0, 6)}`;
  // The console log of a run that goes on begins at the checkpoint; the whole one is worth keeping.
  return join('out', options.restore === undefined ? name : `${name}-restored`);
}

/** Writes the results of a run. Only manifest.json differs between two runs of the same inputs. */
export function writeRunFolder(folder: string, record: RunRecord): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw cannotWrite(folder, error);
  }
  const { machine, deviceTree } = record.booted;
  const stats = statsOf(machine);
  const { stats: formats = [] } = record.options;
  const files: Record<string, string | Uint8Array | undefined> = {
    'manifest.json': manifest(record),
    'config.resolved.yaml': resolvedText(machine.platform),
    'platform.dts': deviceTreeText(deviceTree),
    [statsName]: statsText(stats),
    'stats.csv': formats.includes('csv') ? statsCsv(stats, machine.statistics) : undefined,
    'exits.csv': exitsCsv(machine.harts),
    'console.log': record.driven.console,
    'last-events.txt': record.lastEvents,
    ...record.files,
  };
  for (const [name, contents] of Object.entries(files)) {
    if (contents !== undefined) writeFile(join(folder, name), contents);
  }
}

function manifest({ booted, driven, report, options, images }: RunRecord): string {
  const { machine } = booted;
  const hashes = Object.entries(images).map(([role, { name, bytes }]) => {
    return [role, { name, sha256: createHash('sha256').update(bytes).digest('hex') }] as const;
  });
  const seconds = driven.elapsed / 1000;
  return json({
    schema: 'dvlab-manifest-1',
    command: process.argv.slice(2),
    options,
    platform: machine.platform.name,
    images: Object.fromEntries(hashes),
    end: driven.end,
    exitStatus: report.status,
    cycles: machine.cycle,
    instructions: machine.instructionCount,
    wallSeconds: seconds,
    simulatedMips: machine.instructionCount / seconds / 1e6,
    finishedAt: new Date().toISOString(),
    host: {
      name: hostname(),
      node: process.version,
      platform: process.platform,
      cpu: process.arch,
    },
  });
}

function json(value: object): string {
  const plain = (_key: string, item: unknown): unknown =>
    typeof item === 'bigint' ? String(item) : item;
  return `${JSON.stringify(value, plain, 2)}\n`;
}
