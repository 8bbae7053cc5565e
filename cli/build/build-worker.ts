import { parentPort, workerData } from 'node:worker_threads';
import { buildImage } from '../../sw/toolchain/index.ts';
import { loadDescription, type ImageFolder } from './image-catalog.ts';

/** What a build thread answers: the file, or what the compiler has to say. */
export type BuildAnswer =
  | { readonly elf: Uint8Array }
  | { readonly message: string; readonly isDiagnosis: boolean; readonly stack: string };

try {
  const description = await loadDescription(workerData as ImageFolder);
  const { elf } = await buildImage(description);
  answer({ elf });
} catch (error) {
  const known = error instanceof Error ? error : new Error(String(error));
  const isDiagnosis = known.name === 'CompileError';
  answer({ message: known.message, isDiagnosis, stack: known.stack ?? '' });
}

function answer(value: BuildAnswer): void {
  parentPort?.postMessage(value);
}
