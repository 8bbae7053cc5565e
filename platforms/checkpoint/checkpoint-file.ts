import { createHash } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import type { NamedFile } from '../boot/boot-bare.ts';
import { checkpointError } from './checkpoint-error.ts';

/** The format that is written, and the only one that is read. */
export const CHECKPOINT_FORMAT = 1;

/** Contents of a checkpoint: what it is of, and its parts by name. */
export interface CheckpointContents<About extends object = object> {
  readonly about: About;
  readonly sections: ReadonlyMap<string, Uint8Array>;
}

/** A part of the file, as its header describes it. */
interface Section {
  readonly name: string;
  /** Bytes, and bytes in the file. */
  readonly bytes: number;
  readonly stored: number;
  /** SHA-256 of the bytes. */
  readonly sha256: string;
}

interface Header {
  readonly about: object;
  readonly sections: readonly Section[];
}

const WORD = 'dvlab-checkpoint';
const NEWLINE = 0x0a;
/** Nothing compresses zeros worse at the lowest level, and it is some five times as fast. */
const compression = { level: 1 };

/**
 * Writes a checkpoint: a line with the format and the hash of the header; the header, a line of JSON; the sections, each
 * compressed by zlib.
 */
export function writeCheckpointFile({ about, sections }: CheckpointContents): Uint8Array {
  const stored = [...sections.values()].map((bytes) => deflateSync(bytes, compression));
  const described = [...sections].map(([name, bytes], index): Section => {
    return {
      name,
      bytes: bytes.length,
      stored: stored[index]?.length ?? 0,
      sha256: hashOf(bytes),
    };
  });
  const header = Buffer.from(`${JSON.stringify({ about, sections: described })}\n`);
  const first = Buffer.from(`${WORD} ${String(CHECKPOINT_FORMAT)} ${hashOf(header)}\n`);
  return new Uint8Array(Buffer.concat([first, header, ...stored]));
}

/** Reads a checkpoint and makes sure that every byte is as it was written. */
export function readCheckpointFile(file: NamedFile): CheckpointContents {
  const first = lineAt(file, 0);
  const [word, format, hash] = first.text.split(' ');
  if (word !== WORD || format === undefined || hash === undefined) {
    const message = `${file.name} is no checkpoint: it should begin with '${WORD}'`;
    throw checkpointError('E-CKP-002', message);
  }
  if (format !== String(CHECKPOINT_FORMAT)) {
    const expected = String(CHECKPOINT_FORMAT);
    const message = `${file.name} has format ${format}; this version of dvlab reads format ${expected}`;
    throw checkpointError('E-CKP-003', message);
  }
  const second = lineAt(file, first.end);
  if (hashOf(file.bytes.subarray(first.end, second.end)) !== hash) {
    throw damaged(file, 'its header is not what was written');
  }
  const { about, sections } = JSON.parse(second.text) as Header;
  return { about, sections: new Map(readSections(file, sections, second.end)) };
}

function* readSections(
  file: NamedFile,
  sections: readonly Section[],
  begin: number,
): Generator<[name: string, bytes: Uint8Array]> {
  const expected = sections.reduce((sum, { stored }) => sum + stored, begin);
  if (file.bytes.length !== expected) {
    const lengths = `${String(file.bytes.length)} bytes, and should have ${String(expected)}`;
    throw damaged(file, `it has ${lengths}`);
  }
  let at = begin;
  for (const section of sections) {
    const bytes = inflated(file.bytes.subarray(at, at + section.stored), section.bytes);
    if (bytes === undefined || hashOf(bytes) !== section.sha256) {
      throw damaged(file, `its section '${section.name}' is not what was written`);
    }
    yield [section.name, bytes];
    at += section.stored;
  }
}

/** The bytes of a section; `undefined` if they were damaged. */
function inflated(stored: Uint8Array, bytes: number): Uint8Array | undefined {
  try {
    return inflateSync(stored, { maxOutputLength: Math.max(bytes, 1) });
  } catch {
    return undefined;
  }
}

function lineAt(
  { bytes }: NamedFile,
  begin: number,
): { readonly text: string; readonly end: number } {
  const newline = bytes.indexOf(NEWLINE, begin);
  const end = newline < 0 ? bytes.length : newline + 1;
  const line = bytes.subarray(begin, newline < 0 ? end : newline);
  return { text: new TextDecoder().decode(line), end };
}

function damaged({ name }: NamedFile, reason: string): Error {
  const help = 'make it again with --ckpt-at';
  return checkpointError('E-CKP-004', `${name} is damaged: ${reason}`, { help });
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
