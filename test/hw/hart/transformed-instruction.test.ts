import test from 'ava';
import { transformedInstruction } from '../../../hw/hart/transformed-instruction.ts';
import { assemble, decode, everyExtension } from '../../../hw/isa/index.ts';

const transforms = test.macro<[text: string, offset: number, expected: string]>({
  exec: (t, text, offset, expected) => {
    const [word = 0] = assemble(text).words;
    const decoded = decode(word, everyExtension());
    if (decoded === undefined) {
      t.fail('not an instruction');
      return;
    }
    const actual = transformedInstruction(decoded, offset);
    const [expectedWord = 0] = expected === '' ? [] : assemble(expected).words;
    t.is(actual, BigInt(expectedWord));
  },
  title: (why, text, offset) => why ?? `${text}, offset ${String(offset)}`,
});

test('a load loses immediate and base', transforms, 'lw a0, 40(s1)', 0, 'lw a0, 0(x0)');
test('a store loses immediate and base', transforms, 'sd a0, -40(s1)', 0, 'sd a0, 0(x0)');
test(
  'the base field takes the distance to the faulting byte',
  transforms,
  'ld a0, 3(s1)',
  5,
  'ld a0, 0(t0)',
);
test(
  'an AMO keeps all but its base',
  transforms,
  'amoadd.w a0, a1, (s1)',
  0,
  'amoadd.w a0, a1, (x0)',
);
test('so does HLV', transforms, 'hlv.d a0, (s1)', 0, 'hlv.d a0, (x0)');
test('other instructions have no transformation', transforms, 'add a0, a1, a2', 0, '');

test('a 16-bit instruction is reported as what it expands to, with bit 1 clear', (t) => {
  const reported = (text: string): bigint | undefined => {
    const decoded = decode(assemble(text).words[0] ?? 0, everyExtension());
    return decoded && transformedInstruction(decoded, 0);
  };
  const expansion = (text: string): bigint => BigInt((assemble(text).words[0] ?? 0) - 2);
  t.is(reported('c.lw a0, 64(s1)'), expansion('lw a0, 0(x0)'));
  t.is(reported('c.sdsp s7, 8(sp)'), expansion('sd s7, 0(x0)'));
  t.is(reported('c.addi a0, 1'), 0n);
});
