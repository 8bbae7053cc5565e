import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { assemble } from '../../hw/isa/index.ts';
import { dvlab, scratch } from '../cli/command-line.ts';
import { inProject } from '../harness/project-root.ts';
import { elfFile } from '../platforms/elf-file.ts';

const BASE = 0x8000_0000;
const sources = inProject('test/timing/programs');

/** A program that executes each region three times, and reports the last to the harness. */
function measuring(text: string): string {
  const [, ...regions] = text.split(/^region /m);
  const parts = regions.map((region) => {
    const [, name = '', body = ''] = /^(\S+)[^\n]*\n([^]*)$/.exec(region) ?? [];
    const label = name.replaceAll('-', '_');
    const bytes = [...name, '\0'].map((letter) => `.byte ${String(letter.charCodeAt(0))}`);
    const code = `
  li    s2, 3
  j     again_${label}
  .align 6
again_${label}:
  fence
  csrr  s3, minstret
  csrr  s4, mcycle
  ${body}
  csrr  s5, mcycle
  csrr  s6, minstret
  addi  s2, s2, -1
  bnez  s2, again_${label}
  sub   s5, s5, s4
  sub   s6, s6, s3
  la    t0, name_${label}
  sd    t0, 0x20(s1)
  sd    s5, 0x28(s1)
  sd    s6, 0x30(s1)`;
    return { code, data: `name_${label}:\n${bytes.join('\n')}` };
  });
  return [
    'la s0, buffer\nlui s1, 0x54000',
    ...parts.map(({ code }) => code),
    'sd zero, 0x50(s1)\nend: j end\n.align 6\nbuffer: .dword 0\n.dword 0',
    ...parts.map(({ data }) => data),
  ].join('\n');
}

test('our own programs take the counts that their rules say', async (t) => {
  const folder = scratch('programs');
  mkdirSync(folder);
  for (const name of readdirSync(sources).filter((each) => each.endsWith('.s'))) {
    const text = readFileSync(join(sources, name), 'utf8');
    const { bytes } = assemble(measuring(text), { base: BASE });
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
