import type { AssemblyFunction } from '../assembly/assembly-function.ts';
import { CompileError } from '../diagnostics/compile-error.ts';

/** Bytes embedded in an image: given, read from a file of the project, or another image's ELF file. */
export type Blob =
  { readonly bytes: Uint8Array } | { readonly file: string } | { readonly image: ImageDescription };

/** One program with one address space: what `sw/<image>/<image>.image.ts` exports. */
export interface ImageDescription {
  readonly name: string;
  /** AssemblyScript entry files, paths from the project's root. Their exports, and what those call, are compiled. */
  readonly sources: readonly string[];
  /** Sources that another one stands in for wherever they are imported: path from the project's root by path. */
  readonly substitutes?: Readonly<Record<string, string>>;
  /** Entry symbol: an assembly function or an exported function of `sources`. */
  readonly entry: string;
  /** Address of the first byte of code. */
  readonly base: bigint;
  /** Address of the first byte of static data, below 4 GiB and behind the code; default `base` + 1 MiB. */
  readonly dataBase?: bigint;
  readonly assembly?: readonly AssemblyFunction[];
  /** Bytes of the stack area, symbols `stack` and `stack_top` (16-byte aligned). */
  readonly stack?: number;
  /** Zeroed areas behind the data, page aligned: symbols `name` and `name_end`. */
  readonly areas?: Readonly<Record<string, number>>;
  /** Embedded bytes, page aligned: symbols `name_start` and `name_end`. */
  readonly blobs?: Readonly<Record<string, Blob>>;
}

/** Address of the first byte of static data. */
export function dataBaseOf({ base, dataBase }: ImageDescription): bigint {
  return dataBase ?? base + 0x10_0000n;
}

/** Describes an image; checks what can be checked without compiling it. */
export function defineImage(description: ImageDescription): ImageDescription {
  const { name, base, sources } = description;
  const dataBase = dataBaseOf(description);
  if (sources.length === 0) throw new CompileError(`image ${name}: sources is empty`);
  if (base % 4096n !== 0n || dataBase % 4096n !== 0n) {
    throw new CompileError(`image ${name}: base and dataBase must be page aligned`);
  }
  if (dataBase <= base || dataBase >= 1n << 32n) {
    throw new CompileError(
      `image ${name}: dataBase 0x${dataBase.toString(16)} is not between base and 4 GiB`,
    );
  }
  return description;
}
