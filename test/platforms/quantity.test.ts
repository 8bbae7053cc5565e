import test from 'ava';
import fc from 'fast-check';
import {
  formatAddress,
  formatSize,
  parseFrequency,
  parseSize,
} from '../../platforms/source/quantity.ts';
import { parseInteger, parseScalar } from '../../platforms/source/scalar.ts';

test('a size is a number and a binary unit, with or without a space', (t) => {
  t.is(parseSize('64 KiB'), 65_536n);
  t.is(parseSize('256MiB'), 268_435_456n);
  t.is(parseSize('4096'), 4096n);
  t.is(parseSize('0x1000 B'), 4096n);
  for (const wrong of ['64 KB', '64 kib', 'KiB', '1.5 MiB', '-1 KiB', '64  KiB', '']) {
    t.is(parseSize(wrong), undefined, wrong);
  }
});

test('a frequency is a number and a decimal unit', (t) => {
  t.is(parseFrequency('100 MHz'), 100_000_000n);
  t.is(parseFrequency('32768 Hz'), 32_768n);
  t.is(parseFrequency('1 mhz'), undefined);
});

test('formatSize and parseSize are inverse', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (bytes) => {
      return parseSize(formatSize(bytes)) === BigInt(bytes);
    }),
  );
  t.is(formatSize(268_435_456), '256 MiB');
});

test('formatAddress groups four digits and reads back exactly', (t) => {
  t.is(formatAddress(0x1000), '0x1000');
  t.is(formatAddress(0x8000_0000), '0x8000_0000');
  t.is(formatAddress(0x0200_0000), '0x0200_0000');
  fc.assert(
    fc.property(fc.bigInt(0n, (1n << 64n) - 1n), (value) => {
      return BigInt(parseInteger(formatAddress(value)) ?? -1) === value;
    }),
  );
});

test('integers beyond 2^53 stay exact', (t) => {
  t.is(parseScalar('0x20_0000_0000_0001'), 0x20_0000_0000_0001n);
  t.is(parseScalar('0xffff_ffff_ffff_ffff'), 0xffff_ffff_ffff_ffffn);
  t.is(parseScalar('9007199254740991'), Number.MAX_SAFE_INTEGER);
  t.is(parseScalar('9_007_199_254_740_993'), 9_007_199_254_740_993n);
});

test('scalars follow the core schema of YAML 1.2', (t) => {
  t.deepEqual(
    [
      '~',
      'null',
      '',
      'true',
      'false',
      '12',
      '-0x10',
      '0b11',
      '0o17',
      '1.5',
      'yes',
      '0x',
      '1__2',
      '12a',
    ].map(parseScalar),
    [null, null, null, true, false, 12, -16, 3, 15, 1.5, 'yes', '0x', '1__2', '12a'],
  );
});
