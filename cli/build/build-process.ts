import { buildImage } from '../../sw/toolchain/index.ts';
import { loadDescription, type ImageFolder } from './image-catalog.ts';

/** What a build process answers to a folder: the image's file, or what the compiler has to say. */
export type BuildAnswer =
  | { readonly elf: Uint8Array }
  | { readonly message: string; readonly isDiagnosis: boolean; readonly stack: string };

process.on('message', (folder: ImageFolder) => {
  void build(folder).then((answer) => process.send?.(answer));
});

async function build(folder: ImageFolder): Promise<BuildAnswer> {
  try {
    const { elf } = await buildImage(await loadDescription(folder));
    return { elf };
  } catch (error) {
    const known = error instanceof Error ? error : new Error(String(error));
    const isDiagnosis = known.name === 'CompileError';
    return { message: known.message, isDiagnosis, stack: known.stack ?? '' };
  }
}
