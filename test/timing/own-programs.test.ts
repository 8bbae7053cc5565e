import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { assemble } from '../../hw/isa/index.ts';
import { dvlab, scratch } from '../cli/command-line.ts';
import { inProject } from '../harness/project-root.ts';
import { elfFile } from '../platforms/elf-file.ts';
import { type MeasuredCode, measuringProgram } from './measured-regions.ts';

const BASE = 0x8000_0000;
const sources = inProject('test/timing/programs');

/** The regions of a source: each begins with a line that names it. */
function regionsOf(text: string): readonly MeasuredCode[] {
  const [, ...regions] = text.split(/^region /m);
  return regions.map((region) => {
    const [, name = '', body = ''] = /^(\S+)[^\n]*\n([^]*)$/.exec(region) ?? [];
    return { name, body };
  });
}

test('our own programs take the counts that their rules say', async (t) => {
  const folder = scratch('programs');
  mkdirSync(folder);
  for (const name of readdirSync(sources).filter((each) => each.endsWith('.s'))) {
    const text = readFileSync(join(sources, name), 'utf8');
    const { bytes } = assemble(measuringProgram(regionsOf(text)), { base: BASE });
    const elf = elfFile({ entry: BASE, segments: [{ address: BASE, bytes }], symbols: {} });
    writeFileSync(join(folder, name.replace(/\.s$/, '.elf')), elf);
  }
  const json = scratch('counts.json');
  const { status, result } = await dvlab(
    ...['calibrate', '--elf', folder, '--expect', join(sources, 'counts.csv')],
    ...['--platform', inProject('platforms', 'rocket-rtl.yaml'), '--json', json, '--regions'],
  );
  t.is(status, 0, result);
  const { classes } = JSON.parse(readFileSync(json, 'utf8')) as {
    readonly classes: readonly { readonly exact: number; readonly regions: number }[];
  };
  t.true(classes.length > 0);
  for (const { exact, regions } of classes) t.is(exact, regions, result);
});
