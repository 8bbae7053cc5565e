import test from 'ava';
import fc from 'fast-check';
import { DvlabError, readElf } from '../../platforms/index.ts';
import { isElf } from '../../platforms/images/elf.ts';
import { elfFile } from './elf-file.ts';

const code = Uint8Array.from([0x13, 0, 0, 0, 0x73, 0, 0, 0]);
const good = elfFile({
  entry: 0x8000_0004,
  segments: [
    { address: 0x8000_0000, bytes: code },
    { address: 0x8000_1000, bytes: Uint8Array.from([1, 2]), memorySize: 16 },
  ],
  symbols: { start: 0x8000_0000, tohost: 0x8000_1000 },
});

/** A copy of the good file with some bytes replaced. */
function damaged(at: number, ...bytes: readonly number[]): Uint8Array {
  const file = good.slice();
  file.set(bytes, at);
  return file;
}

const refuses = test.macro<[file: Uint8Array, message: RegExp]>({
  exec: (t, file, message) => {
    const error = t.throws(() => readElf('x.elf', file), { instanceOf: DvlabError });
    t.regex(error.message, message);
  },
  title: (what) => `an ELF file ${what ?? ''} is refused`,
});

test('segments, entry and symbols of an ELF file are read', (t) => {
  const { entry, segments, symbols } = readElf('x.elf', good);
  t.is(entry, 0x8000_0004n);
  t.deepEqual(
    segments.map(({ physicalAddress, bytes, memorySize }) => [
      physicalAddress,
      bytes.length,
      memorySize,
    ]),
    [
      [0x8000_0000, 8, 8],
      [0x8000_1000, 2, 16],
    ],
  );
  t.is(symbols.addressOf('tohost'), 0x8000_1000n);
  t.is(symbols.addressOf('nothing'), undefined);
  t.is(symbols.describe(0x8000_0004n), '<start+0x4>');
  t.is(symbols.describe(0x8000_1000n), '<tohost>');
  t.is(symbols.describe(0x7fff_ffffn), '');
});

test('a file without symbols has none', (t) => {
  t.deepEqual(readElf('x.elf', damaged(60, 0, 0)).symbols.all, []);
});

test('an ELF file is told by its magic number', (t) => {
  t.true(isElf(good));
  t.false(isElf(code));
});

test('that is none', refuses, code, /E-IMG-002.*no ELF magic number/);
test('of 32 bits', refuses, damaged(4, 1), /E-IMG-002.*32-bit/);
test('with the bytes in the other order', refuses, damaged(5, 2), /E-IMG-002.*big-endian/);
test('for another machine', refuses, damaged(18, 62, 0), /E-IMG-002.*machine 62/);
test('without a segment to load', refuses, damaged(56, 0, 0), /E-IMG-004.*not linked/);
test('cut off in the middle', refuses, good.slice(0, 100), /E-IMG-003.*outside the file/);
test('whose segment lies outside', refuses, damaged(64 + 8, 0, 0, 1), /E-IMG-003.*contents/);
test(
  'with more bytes in the file than in memory',
  refuses,
  damaged(64 + 40, 1),
  /E-IMG-003.*memory/,
);
test('with an address beyond 2^53', refuses, damaged(64 + 31, 0x80), /E-IMG-003.*beyond 2\^53/);
test('with short program headers', refuses, damaged(54, 8), /E-IMG-003.*8 bytes/);

test('no file makes the reader throw anything but a DvlabError', (t) => {
  const changes = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 6 });
  fc.assert(
    fc.property(changes, fc.nat(good.length), (edits, length) => {
      const file = good.slice(0, length + 4);
      for (const [at, byte] of edits) if (at < file.length) file[at] = byte;
      try {
        readElf('x.elf', file);
      } catch (error) {
        if (!(error instanceof DvlabError)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
  t.pass();
});
