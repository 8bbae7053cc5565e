import test from 'ava';
import fc from 'fast-check';
import { compileModules, putString, stringAt, testArea } from './compiled-modules.ts';

const modules = compileModules([
  'sw/shared/bytes.ts',
  'sw/shared/strings.ts',
  'sw/shared/text-buffer.ts',
]);
const { call, memory } = modules;
const source = testArea;
const target = testArea + 0x1000;
const text = testArea + 0x2000;

test('copyBytes copies every length at every alignment and touches nothing else', (t) => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.nat({ max: 15 }),
      fc.nat({ max: 15 }),
      (bytes, from, to) => {
        memory.fill(0xee, target, target + 300);
        memory.set(bytes, source + from);
        call('copyBytes', BigInt(target + to), BigInt(source + from), BigInt(bytes.length));
        const expected = new Uint8Array(300).fill(0xee);
        expected.set(bytes, to);
        return Buffer.compare(memory.subarray(target, target + 300), expected) === 0;
      },
    ),
  );
  t.pass();
});

test('zeroBytes clears every length at every alignment and touches nothing else', (t) => {
  for (let length = 0; length < 80; length++) {
    for (let to = 0; to < 16; to++) {
      memory.fill(0xee, target, target + 128);
      call('zeroBytes', BigInt(target + to), BigInt(length));
      const expected = new Uint8Array(128).fill(0xee).fill(0, to, to + length);
      t.deepEqual([...memory.subarray(target, target + 128)], [...expected]);
    }
  }
});

test('numbers are written and read in decimal and hexadecimal', (t) => {
  const write = (name: string, value: bigint): string => {
    call('initText', BigInt(text), BigInt(source), 100n);
    call(name, BigInt(text), value);
    const length = Number(modules.field('TextBuffer', 'length', text));
    return new TextDecoder().decode(memory.subarray(source, source + length));
  };
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
      const decimal = write('appendDecimal', value);
      const hexadecimal = write('appendHex', value);
      if (decimal !== value.toString() || hexadecimal !== `0x${value.toString(16)}`) return false;
      return [decimal, hexadecimal, hexadecimal.toUpperCase().replace('X', 'x')].every(
        (written) => call('parseNumber', putString(modules, source, written)) === value,
      );
    }),
  );
  t.is(call('parseNumber', putString(modules, source, '12ab')), 12n);
  t.is(call('parseNumber', putString(modules, source, '-5')), 0n);
});

test('a text buffer drops what does not fit', (t) => {
  memory.fill(0xee, source, source + 16);
  call('initText', BigInt(text), BigInt(source), 8n);
  call('appendString', BigInt(text), putString(modules, target, 'longer than eight'));
  t.is(new TextDecoder().decode(memory.subarray(source, source + 8)), 'longer t');
  t.is(memory[source + 8], 0xee);
});

test('a string list contains its members and nothing else', (t) => {
  const list = putString(modules, source, 'sifive,test1\0sifive,test0\0syscon');
  const length = BigInt('sifive,test1\0sifive,test0\0syscon'.length + 1);
  const contains = (member: string): bigint =>
    call('listContains', list, length, putString(modules, target, member));
  t.is(contains('sifive,test0'), 1n);
  t.is(contains('syscon'), 1n);
  t.is(contains('sifive,test'), 0n);
  t.is(contains('test0'), 0n);
  t.is(stringAt(modules, list), 'sifive,test1');
});
