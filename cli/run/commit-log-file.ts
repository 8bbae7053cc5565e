import type { Machine } from '../../platforms/index.ts';
import { LineFile } from './line-file.ts';

/** Lets all harts write their commit log to one file; the returned function closes it. */
export function openCommitLog(machine: Machine, path: string | undefined): () => void {
  if (path === undefined) return () => undefined;
  const file = new LineFile(path);
  for (const hart of machine.harts) {
    hart.commitLog = (line) => {
      file.add(line);
    };
  }
  return () => {
    file.close();
  };
}
