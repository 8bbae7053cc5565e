import test from 'ava';
import fc from 'fast-check';
import { writeCpio } from '../../../platforms/index.ts';
import { compileModules, putString, testArea } from './compiled-modules.ts';

const modules = compileModules(['sw/shared/cpio-reader.ts', 'sw/shared/elf-reader.ts']);
const { call, memory, field } = modules;
const record = testArea;
const path = testArea + 0x100;
const file = testArea + 0x1000;

const archive = writeCpio([
  { path: 'etc/init', contents: new TextEncoder().encode('/bin/a\n') },
  { path: 'bin/a', contents: new Uint8Array(1000).fill(7), isExecutable: true },
  { path: 'empty', contents: new Uint8Array(0) },
]);

function find(name: string, length = archive.length): Uint8Array | undefined {
  const end = BigInt(file + length);
  const found = call('findCpio', BigInt(file), end, putString(modules, path, name), BigInt(record));
  if (found === 0n) return undefined;
  const start = Number(field('CpioMember', 'data', record));
  return memory.subarray(start, start + Number(field('CpioMember', 'size', record)));
}

test('a file of the archive is found by its absolute path', (t) => {
  memory.set(archive, file);
  t.is(new TextDecoder().decode(find('/etc/init')), '/bin/a\n');
  t.deepEqual(find('/bin/a')?.length, 1000);
  t.is(find('/empty')?.length, 0);
  t.is(find('/bin'), undefined);
  t.is(find('/bin/b'), undefined);
  t.is(find('etc/init'), undefined);
  t.is(find(''), undefined);
});

test('a damaged archive never leads the reader outside it', (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat({ max: archive.length - 1 }), fc.nat({ max: 255 })), {
        maxLength: 8,
      }),
      fc.nat({ max: archive.length }),
      (changes, length) => {
        memory.set(archive, file);
        for (const [at, byte] of changes) memory[file + at] = byte;
        const found = find('/bin/a', length);
        return found === undefined || found.byteOffset + found.length <= file + length;
      },
    ),
    { numRuns: 500 },
  );
  t.pass();
});

/** An ELF header with two program headers behind it. */
function elf(): Uint8Array {
  const bytes = new Uint8Array(64 + 2 * 56 + 100);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(18, 243, true);
  view.setBigUint64(24, 0x1_0000n, true);
  view.setBigUint64(32, 64n, true);
  view.setUint16(54, 56, true);
  view.setUint16(56, 2, true);
  for (const at of [64, 120]) {
    view.setUint32(at, 1, true);
    view.setUint32(at + 4, 5, true);
    view.setBigUint64(at + 8, 176n, true);
    view.setBigUint64(at + 16, 0x1_0000n, true);
    view.setBigUint64(at + 24, 0x8_0000n, true);
    view.setBigUint64(at + 32, 100n, true);
    view.setBigUint64(at + 40, 200n, true);
  }
  return bytes;
}

test('the segments of an ELF file are read', (t) => {
  memory.set(elf(), file);
  const size = BigInt(elf().length);
  t.is(call('isElf', BigInt(file), size), 1n);
  t.is(call('elfEntry', BigInt(file)), 0x1_0000n);
  t.is(call('elfSegmentCount', BigInt(file)), 2n);
  t.is(call('readElfSegment', BigInt(file), size, 1n, BigInt(record)), 1n);
  t.is(field('ElfSegment', 'physicalAddress', record), 0x8_0000n);
  t.is(field('ElfSegment', 'memorySize', record), 200n);
});

test('what the ELF reader accepts lies inside the file', (t) => {
  const whole = elf();
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 })), { maxLength: 6 }),
      fc.nat({ max: whole.length }),
      (changes, length) => {
        memory.set(whole, file);
        for (const [at, byte] of changes) memory[file + at] = byte;
        const size = BigInt(length);
        if (call('isElf', BigInt(file), size) === 0n) return true;
        const count = call('elfSegmentCount', BigInt(file));
        for (let i = 0n; i < count; i++) {
          if (call('readElfSegment', BigInt(file), size, i, BigInt(record)) === 0n) continue;
          const word = new DataView(memory.buffer).getUint32(record, true);
          if (word !== 1) continue;
          const end =
            field('ElfSegment', 'offset', record) + field('ElfSegment', 'fileSize', record);
          if (end > size) return false;
          if (field('ElfSegment', 'fileSize', record) > field('ElfSegment', 'memorySize', record)) {
            return false;
          }
        }
        return true;
      },
    ),
    { numRuns: 500 },
  );
  t.pass();
});
