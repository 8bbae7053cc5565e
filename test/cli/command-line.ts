import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../cli/main.ts';
import { assemble } from '../../hw/isa/index.ts';
import { inProject } from '../harness/project-root.ts';
import { elfFile } from '../platforms/elf-file.ts';

/** What one command line printed and returned. */
export interface Finished {
  readonly status: number;
  readonly result: string;
  readonly remarks: string;
}

/** Runs a command line inside this process. */
export async function dvlab(...argv: readonly string[]): Promise<Finished> {
  const results: string[] = [];
  const remarks: string[] = [];
  const status = await main(argv, {
    result: (text) => results.push(text),
    remark: (text) => remarks.push(text),
    isTerminal: false,
  });
  return { status, result: results.join(''), remarks: remarks.join('') };
}

/** A bundled platform by its path, so that tests do not depend on the working directory. */
export const bundled = (name: string): string => inProject('platforms', `${name}.yaml`);

const folder = mkdtempSync(join(tmpdir(), 'dvlab-test-'));
let count = 0;

/** A path for a file that a test makes. */
export function scratch(name: string): string {
  count += 1;
  return join(folder, `${String(count)}-${name}`);
}

const start = 0x8000_0000;

/** Where a program is not put at the start of RAM, and what its ELF flags say. */
interface Placement {
  readonly base?: number;
  readonly flags?: number;
}

/** Writes an ELF file of an assembly program, its labels as symbols, and gives its path. */
export function program(text: string, { base = start, flags = 0 }: Placement = {}): string {
  const { bytes, labels } = assemble(text, { base });
  const symbols = Object.fromEntries([...labels].map(([name, value]) => [name, Number(value)]));
  const path = scratch('program.elf');
  writeFileSync(
    path,
    elfFile({ entry: base, segments: [{ address: base, bytes }], symbols, flags }),
  );
  return path;
}
