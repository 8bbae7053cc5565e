import test from 'ava';
import { writeFileSync } from 'node:fs';
import { bundled, dvlab, program, scratch } from './command-line.ts';

const bare = ['run', bundled('bare-1hart'), '--bare'];
const stack = (name: string): string[] => [
  'run',
  bundled('duvisor-2hart'),
  ...['--stack', name, '--guest'],
];
const loop = '1: j 1b';

/** A file with these bytes. */
function file(name: string, ...bytes: readonly number[]): string {
  const path = scratch(name);
  writeFileSync(path, Uint8Array.from(bytes));
  return path;
}

/** A whole ELF file whose byte at `at` is another. */
const strangeElf = (at: number, value: number): string => {
  const header = new Array<number>(120).fill(0);
  header.splice(0, 7, 0x7f, 0x45, 0x4c, 0x46, 2, 1, 1);
  header[18] = 243;
  header[at] = value;
  return file('strange.elf', ...header);
};

const refused = test.macro<[argv: readonly string[], remark: RegExp]>({
  exec: async (t, argv, remark) => {
    const { status, remarks, result } = await dvlab(...argv);
    t.regex(remarks, remark);
    t.is(status, 21);
    t.is(result, '', 'nothing was booted');
  },
  title: (what, argv) => what ?? argv.join(' '),
});

for (const [kind, argv] of [
  ['a bare program', bare],
  ['a guest', stack('duvisor')],
  ['a kernel', stack('firmware')],
] as const) {
  const [empty, narrow, foreign] = [file('empty'), strangeElf(4, 1), strangeElf(18, 62)];
  test(
    `${kind} that is empty is refused`,
    refused,
    [...argv, empty],
    /E-IMG-009\]: .*empty is empty/,
  );
  test(
    `${kind} of 32 bits is refused`,
    refused,
    [...argv, narrow],
    /E-IMG-002.*strange\.elf.*32-bit/,
  );
  test(
    `${kind} for another machine is refused`,
    refused,
    [...argv, foreign],
    /E-IMG-002.*machine 62/,
  );
  test(
    `${kind} with compressed instructions is refused where the harts have none`,
    refused,
    [...argv, program(loop, { base: 0x8020_0000, flags: 1 })],
    /E-IMG-011\]: .*program\.elf has compressed[^]*'c' is missing[^]*--set harts\.isa=rv64imac_zicsr/,
  );
}

test(
  'a bare program outside the RAM is refused',
  refused,
  [...bare, program(loop, { base: 0xc000_0000 })],
  /E-IMG-005\]: .*program\.elf: segment 0xc000_0000\.\.0xc000_0003 is outside the platform's memory/,
);
test(
  'a guest outside its memory is refused before anything is built or booted',
  refused,
  [...stack('duvisor'), program(loop, { base: 0x8200_0000 }), '--memory', '32MiB'],
  /^error\[E-IMG-005\]: .*program\.elf: segment 0x8200_0000\.\.0x8200_0003 .*0x8000_0000\.\.0x81ff_ffff/,
);
test(
  'a guest below its memory is refused',
  refused,
  [...stack('duvisor'), program(loop, { base: 0x7000_0000 })],
  /^error\[E-IMG-005\]: .*segment 0x7000_0000/,
);
test(
  'a kernel in the place of the firmware is refused',
  refused,
  [...stack('firmware'), program(loop, { base: 0x8000_0000 })],
  /E-IMG-005\]: .*program\.elf: segment 0x8000_0000 lies where the firmware is\n.*link it for 0x8020_0000/,
);

test('a program with compressed instructions runs on harts that have them', async (t) => {
  const finish = 'li t0, 0x100000\nli t1, 0x5555\nsw t1, (t0)\n1: j 1b';
  const compressed = program(`c.nop\n${finish}`, { flags: 1 });
  const isa = ['--set', 'harts.isa=rv64imac_zicsr_zifencei_h'];
  t.is((await dvlab(...bare, compressed, ...isa)).status, 0);
});

test('a program with tohost on a platform without HTIF brings a warning with the cure', async (t) => {
  const source = `la t0, tohost\nli t1, 1\nsd t1, (t0)\n${loop}\n.align 3\ntohost: .dword 0`;
  const elf = program(source);
  const unheard = await dvlab('run', bundled('duvisor-1hart'), '--bare', elf);
  t.regex(
    unheard.remarks,
    /^warning\[W-IMG-001\]: .*'tohost'.*duvisor-1hart has no device of kind htif/,
  );
  const cure = /`(htif: .*)` to the devices/.exec(unheard.remarks)?.[1] ?? '';
  const platform = scratch('with-htif.yaml');
  writeFileSync(
    platform,
    `extends: ${bundled('duvisor-1hart')}\nname: with-htif\ndevices:\n  ${cure}\n`,
  );
  for (const heard of [platform, bundled('bare-1hart')]) {
    const { status, remarks } = await dvlab('run', heard, '--bare', elf);
    t.is(status, 0, remarks);
    t.notRegex(remarks, /warning/);
  }
});
