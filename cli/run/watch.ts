import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Booted, Profile } from '../../platforms/index.ts';
import { ExitTrace } from '../exits/exit-trace.ts';
import type { Output } from '../output.ts';
import type { Product } from '../product-option.ts';
import { foldedText } from '../profile/folded.ts';
import { functionsCsv } from '../profile/functions-csv.ts';
import { cannotWrite, writeFile } from '../write-file.ts';
import { openCommitLog } from './commit-log-file.ts';
import { LineFile } from './line-file.ts';
import type { profileForms, RunOptions, traceNames } from './run-options.ts';

/** What a run that was watched leaves besides its figures. */
export interface Watched {
  /** Files for the folder of the run, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** Lines for the person who waits. */
  readonly report: readonly string[];
}

/** Ends watching, and gives what came of it. */
export type EndWatch = () => Watched;

const nothing: Watched = { files: {}, report: [] };

/** Watches a run that is about to begin, as its options ask for; `folder` is the run's, if it has one. */
export function watchRun(
  booted: Booted,
  options: RunOptions,
  folder: string | undefined,
  output: Output,
): EndWatch {
  const closeLog = openCommitLog(booted.machine, options.commitLog);
  const traces = (options.trace ?? []).map((trace) => traceExits(booted, trace, folder, output));
  const { profile } = options;
  const profiles = profile === undefined ? [] : [profileRun(booted, profile, folder, output)];
  return () => {
    closeLog();
    return [...traces, ...profiles].map((end) => end()).reduce(both, nothing);
  };
}

function both(one: Watched, other: Watched): Watched {
  return {
    files: { ...one.files, ...other.files },
    report: [...one.report, ...other.report],
  };
}

function traceExits(
  { machine, names }: Booted,
  { name, file }: Product<(typeof traceNames)[number]>,
  folder: string | undefined,
  output: Output,
): EndWatch {
  const lines = openLines(file ?? placeIn(folder, `${name}.txt`), output);
  const trace = new ExitTrace(machine, names, (line) => {
    lines.add(line);
  });
  return () => {
    trace.close();
    lines.close();
    return { files: { 'exit-cycles.csv': trace.cycles.csv() }, report: trace.cycles.table() };
  };
}

function profileRun(
  { machine, names }: Booted,
  { name, file }: Product<(typeof profileForms)[number]>,
  folder: string | undefined,
  output: Output,
): EndWatch {
  const path = file ?? placeIn(folder, `profile.${name}`);
  const profile = new Profile(machine, names);
  return () => {
    const entries = profile.entries();
    const text = foldedText(entries);
    if (path === '-') output.result(text);
    else writeFile(path, text);
    const functions = functionsCsv(entries, profile.functionEntries());
    return { files: { 'functions.csv': functions }, report: [] };
  };
}

/** Standard output for `-`, or a file. */
function openLines(path: string, output: Output): Pick<LineFile, 'add' | 'close'> {
  if (path !== '-') return new LineFile(path);
  return {
    add: (line) => {
      output.result(`${line}\n`);
    },
    close: () => undefined,
  };
}

/** A file in the folder of the run, which is made if it is not there. */
function placeIn(folder: string | undefined, name: string): string {
  if (folder === undefined) throw new Error(`${name} has no folder to be in`);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw cannotWrite(folder, error);
  }
  return join(folder, name);
}
