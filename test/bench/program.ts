import { buildImages } from '../../cli/build/build-images.ts';
import type { ImageFolder } from '../../cli/build/image-catalog.ts';
import { readElf, type NamedFile, type ElfImage } from '../../platforms/index.ts';

/** How much work a program does. */
export interface Work {
  /** Times that `iteration` runs; most programs are stopped long before the default. */
  readonly iterations?: number;
  /** Harts that take part. */
  readonly harts?: number;
}

const forEver = 2 ** 50;

/** Builds a program of sw/bench, or takes it from the cache of images. */
export async function buildProgram(name: string): Promise<NamedFile> {
  const [file] = await buildQuietly([`sw/bench/${name}`]);
  if (file === undefined) throw new Error(`sw/bench/${name} gave no image`);
  return file;
}

/** Builds images whose sources changed, without a word. */
export function buildQuietly(folders: readonly ImageFolder[]): Promise<NamedFile[]> {
  const silence = (): undefined => undefined;
  return buildImages(folders, { result: silence, remark: silence, isTerminal: false });
}

/** The same program with another amount of work. */
export function withWork({ name, bytes }: NamedFile, work: Work): NamedFile {
  const { iterations = forEver, harts = 1 } = work;
  const changed = { name, bytes: bytes.slice() };
  const image = readElf(name, changed.bytes);
  writeWord(image, 'iteration_count', iterations);
  writeWord(image, 'hart_count', harts);
  return changed;
}

/** Segments are views of the file, so the file changes with them. */
function writeWord({ name, symbols, segments }: ElfImage, symbol: string, value: number): void {
  const address = Number(symbols.addressOf(symbol) ?? 0n);
  const segment = segments.find(({ physicalAddress, bytes }) => {
    return physicalAddress <= address && address + 8 <= physicalAddress + bytes.length;
  });
  if (segment === undefined) throw new Error(`${name} has no word '${symbol}'`);
  const { buffer, byteOffset } = segment.bytes;
  const offset = byteOffset + address - segment.physicalAddress;
  new DataView(buffer).setBigUint64(offset, BigInt(value), true);
}
