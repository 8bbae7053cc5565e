import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
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

/** Whose regions the rules count exactly. */
const byRules = ['devices', 'memory'];

async function compare(t: ExecutionContext, pipeline: string, names: readonly string[]) {
  const folder = scratch(`programs-${pipeline}`);
  mkdirSync(folder);
  for (const name of names) {
    const text = readFileSync(join(sources, `${name}.s`), 'utf8');
    const { bytes } = assemble(measuringProgram(regionsOf(text)), { base: BASE });
    const elf = elfFile({ entry: BASE, segments: [{ address: BASE, bytes }], symbols: {} });
    writeFileSync(join(folder, `${name}.elf`), elf);
  }
  const [head = '', ...rows] = readFileSync(join(sources, 'counts.csv'), 'utf8').split('\n');
  const counts = scratch(`counts-${pipeline}.csv`);
  const compared = rows.filter((row) => names.some((name) => row.startsWith(`${name},`)));
  writeFileSync(counts, [head, ...compared, ''].join('\n'));
  const json = scratch(`counts-${pipeline}.json`);
  const { status, result } = await dvlab(
    ...['calibrate', '--elf', folder, '--expect', counts],
    ...['--platform', inProject('platforms', 'rocket-rtl.yaml'), '--json', json, '--regions'],
    ...['--set', `harts.pipeline=${pipeline}`],
  );
  t.is(status, 0, result);
  const { classes } = JSON.parse(readFileSync(json, 'utf8')) as {
    readonly classes: readonly { readonly exact: number; readonly regions: number }[];
  };
  t.true(classes.length > 0);
  for (const { exact, regions } of classes) t.is(exact, regions, result);
}

test('our own programs take the counts that their rules say', async (t) => {
  const files = readdirSync(sources).filter((each) => each.endsWith('.s'));
  await compare(
    t,
    'stages',
    files.map((name) => name.replace(/\.s$/, '')),
  );
  await compare(t, 'rules', byRules);
});
