import { closeSync, openSync, writeSync } from 'node:fs';
import type { Machine } from '../../platforms/index.ts';
import { cannotWrite } from '../write-file.ts';

/** Lines collected before they are written; one call per instruction would dominate the run. */
const logChunk = 4096;

/** Lets all harts write their commit log to one file; the returned function closes it. */
export function openCommitLog(machine: Machine, path: string | undefined): () => void {
  if (path === undefined) return () => undefined;
  const file = open(path);
  let lines: string[] = [];
  const flush = (): void => {
    writeSync(file, lines.join(''));
    lines = [];
  };
  for (const hart of machine.harts) {
    hart.commitLog = (line) => {
      lines.push(`${line}\n`);
      if (lines.length >= logChunk) flush();
    };
  }
  return () => {
    flush();
    closeSync(file);
  };
}

function open(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (error) {
    throw cannotWrite(path, error);
  }
}
