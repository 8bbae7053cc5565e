import test from 'ava';
import fc from 'fast-check';
import type { HartStatus } from '../../hw/hart/index.ts';
import { CodeNames, hangReport, readElf, SymbolTable } from '../../platforms/index.ts';
import { LineTable } from '../../platforms/images/line-table.ts';
import { buildImage, defineAssembly, defineImage, registers } from '../../sw/toolchain/index.ts';
import { writeDebugSections } from '../../sw/toolchain/link/dwarf.ts';
import type { LineEntry } from '../../sw/toolchain/link/layout.ts';

const start = 0x8000_0000n;

/** The `.debug_line` section that the toolchain writes. */
function written(lines: readonly LineEntry[], end: bigint): Uint8Array {
  const sections = writeDebugSections({ name: 'x', start, end, functions: [], lines });
  return sections.find(({ name }) => name === '.debug_line')?.bytes ?? new Uint8Array();
}

function entry(offset: bigint, file: string, line: number): LineEntry {
  return { address: start + offset, location: { file, line, column: 1 } };
}

const table = (section: Uint8Array) => new LineTable(() => section);
const place = (lines: LineTable, address: bigint) => {
  const found = lines.at(address);
  return found && `${found.file}:${String(found.line)}`;
};

const small = written([entry(0n, 'sw/a.ts', 3), entry(8n, 'sw/b.ts', 70_000)], start + 16n);

/** A unit as other producers write it: version, directories, files, and a program of opcode base 13. */
function unit(version: number, files: readonly number[], program: readonly number[]): Uint8Array {
  const counts = [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1];
  const operations = version < 4 ? [] : [1];
  const prologue = [2, ...operations, 1, 0xfb, 14, 13, ...counts, ...files];
  const length = 2 + 4 + prologue.length + program.length;
  return Uint8Array.of(
    ...[length, 0, 0, 0, version, 0, prologue.length, 0, 0, 0],
    ...[...prologue, ...program],
  );
}

const text = (value: string) => [...new TextEncoder().encode(value), 0];
const setAddress = (low: number) => [0, 9, 2, low, 0, 0, 0x80, 0, 0, 0, 0];
const endSequence = [0, 1, 1];
const files = [
  ...[...text('lib'), ...text('/elsewhere/project'), 0],
  ...[...text('a.c'), 1, 0, 0, ...text('b.c'), 2, 0, 0, ...text('/elsewhere/c.c'), 0, 0, 0, 0],
];

const halt = defineAssembly('halt', (a) => {
  a.mv(registers.a0, registers.a0);
  a.ret();
});

const source = `export declare function halt(by: u64): u64;
export function main(by: u64): u64 {
  return halt(by + 1) * 3;
}
`;

const image = await buildImage(
  defineImage({
    ...{ name: 'lines', sources: ['lines.ts'], entry: 'main' },
    ...{ base: start, dataBase: start + 0x1000n, assembly: [halt], stack: 4096 },
  }),
  { texts: new Map([['lines.ts', source]]) },
);

test('an address between two rows has the line of the lower one', (t) => {
  const lines = table(small);
  t.is(place(lines, start), 'sw/a.ts:3');
  t.is(place(lines, start + 7n), 'sw/a.ts:3');
  t.deepEqual(lines.at(start + 12n), { address: start + 8n, file: 'sw/b.ts', line: 70_000 });
});

test('in front of the first row and from the end of the sequence on there is no line', (t) => {
  t.is(place(table(small), start - 1n), undefined);
  t.is(place(table(small), start + 16n), undefined);
  t.is(place(new LineTable(() => undefined), start), undefined);
});

test('the section is read when a line is first asked for, and only then', (t) => {
  let reads = 0;
  const lines = new LineTable(() => {
    reads += 1;
    return small;
  });
  t.is(reads, 0);
  lines.at(start);
  lines.at(start + 8n);
  t.is(reads, 1);
});

test('what the toolchain writes is read back', (t) => {
  const step = fc.record({
    size: fc.integer({ min: 1, max: 3000 }),
    file: fc.constantFrom('sw/a.ts', 'sw/b/c.ts', 'sw/größe.ts'),
    line: fc.integer({ min: 1, max: 100_000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
      let offset = 0n;
      const entries = steps.map(({ size, file, line }) => {
        const made = entry(offset, file, line);
        offset += BigInt(size) * 4n;
        return made;
      });
      const lines = table(written(entries, start + offset));
      for (const { address, location } of entries) {
        t.deepEqual(lines.at(address + 3n), { address, file: location.file, line: location.line });
      }
      t.is(lines.at(start + offset), undefined);
    }),
    { numRuns: 100 },
  );
});

for (const version of [2, 3, 4]) {
  test(`special and advancing opcodes of DWARF ${String(version)} move address and line`, (t) => {
    const program = [
      ...[...setAddress(0x10), 3, 9, 1],
      ...[13 + 14 * 2 + 5 + 1],
      ...[8, 4, 2, 3, 0x7f, 1],
      ...[9, 4, 0, 4, 3, 10, 1],
      ...[2, 2, ...endSequence],
    ];
    const lines = table(unit(version, files, program));
    t.is(place(lines, start + 0x10n), 'lib/a.c:10');
    t.is(place(lines, start + 0x14n), 'lib/a.c:11');
    t.is(place(lines, start + 0x14n + 34n), 'b.c:10', 'a directory of the host is left out');
    t.is(place(lines, start + 0x14n + 38n), 'c.c:10', 'so is one in the name of the file');
    t.is(place(lines, start + 0x14n + 42n), undefined);
  });
}

test('files that the program defines count, unknown opcodes and other versions are passed over', (t) => {
  const program = [
    ...[0, 6, 3, ...text('d'), 1, 0, 0],
    ...[...setAddress(0), 6, 7, 10, 11, 12, 5, 4, 4],
    ...[0, 2, 4, 9, 1, 2, 4, ...endSequence],
  ];
  const other = unit(5, [], [1, 2, 3]);
  const section = Uint8Array.of(...other, ...unit(4, files, program));
  t.is(place(table(section), start), 'lib/d:1');
});

test('sequences in any order are found; where one ends the next one begins', (t) => {
  const second = [...setAddress(8), 3, 1, 1, 2, 4, ...endSequence];
  const first = [...setAddress(0), 1, 2, 4, ...endSequence];
  const lines = table(unit(4, files, [...second, ...first]));
  t.is(place(lines, start + 4n), 'lib/a.c:1');
  t.is(place(lines, start + 8n), 'lib/a.c:2');
});

for (const [what, section] of [
  ['that is cut off', small.slice(0, -3)],
  ['in the 64-bit format', Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0)],
  ['with an endless number', unit(4, files, [2, ...Array.from({ length: 12 }, () => 0x80), 0])],
  ['with a sequence that does not end', unit(4, files, [...setAddress(0), 1, 2, 4])],
] as const) {
  test(`a line table ${what} gives no lines`, (t) => {
    t.is(table(section).at(start), undefined);
  });
}

test('no bytes make a line table throw', (t) => {
  const change = fc.tuple(fc.nat(small.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 6 }), fc.nat(small.length), (changes, length) => {
      const section = small.slice(0, length);
      for (const [at, byte] of changes) if (at < length) section[at] = byte;
      t.notThrows(() => table(section).at(start));
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.array(fc.nat(255), { maxLength: 60 }), (program) => {
      t.notThrows(() => table(unit(4, files, program)).at(start));
    }),
    { numRuns: 2000 },
  );
});

test('every line of a built image is found in its ELF file', (t) => {
  const { lines } = readElf('lines.elf', image.elf);
  t.true(image.lines.length > 0);
  const last = new Map(image.lines.map(({ address, location }) => [address, location]));
  for (const [address, { file, line }] of last) {
    t.deepEqual(lines.at(address), { address, file, line });
  }
});

test('no damage to an ELF file makes its line table throw', (t) => {
  const tail = image.elf.length - 64 * 12;
  const change = fc.tuple(fc.integer({ min: tail, max: image.elf.length - 1 }), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const { lines } = readElf('lines.elf', image.elf);
      t.notThrows(() => lines.at(start));
      const file = image.elf.slice();
      for (const [at, byte] of changes) file[at] = byte;
      try {
        const damaged = readElf('lines.elf', file);
        t.notThrows(() => damaged.lines.at(start));
      } catch (error) {
        t.is((error as Error).name, 'DvlabError');
      }
    }),
    { numRuns: 300 },
  );
});

test('a hang report names the source line behind the symbol, and none for assembly', (t) => {
  const names = new CodeNames().add(['M'], readElf('lines.elf', image.elf));
  const report = (pc: bigint) => {
    const status: HartStatus = {
      ...{ id: 0, mode: 'M', pc, isWaiting: true, enabled: 0n, pending: 0n },
      ...{ lastTrap: undefined, trapsInARow: 0, selfLoopCount: 0, cycle: 9, instret: 5 },
    };
    return hangReport('waiting', [status], names).notes?.[0] ?? '';
  };
  const main = image.symbols.get('lines/main') ?? 0n;
  const [first] = image.lines.filter(({ address }) => address >= main);
  t.regex(
    report(first?.address ?? 0n),
    /pc 0x[0-9a-f]+ <lines\/main(\+0x\w+)?> lines\.ts:3 {2}in WFI/,
  );
  t.regex(report(image.symbols.get('halt') ?? 0n), /pc 0x[0-9a-f]+ <\w+> {2}in WFI/);
});

test('a line that began in front of the symbol belongs to other code', (t) => {
  const symbols = new SymbolTable([
    { name: 'a', address: start, size: 4n },
    { name: 'b', address: start + 4n, size: 4n },
  ]);
  const names = new CodeNames().add(['M'], { symbols, lines: table(small) });
  t.is(names.describe('M', start), '<a> sw/a.ts:3');
  t.is(names.describe('M', start + 4n), '<b>');
  t.is(names.describe('U', start), '');
});
