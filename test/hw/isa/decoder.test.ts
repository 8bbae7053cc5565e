import test from 'ava';
import {
  compressedByName,
  decode,
  encode,
  everyExtension,
  type Extension,
  instructionByName,
  type Selection,
} from '../../../hw/isa/index.ts';

const base: Selection = { extensions: new Set(['i']), profile: 'none' };

test('a hart decodes only the extensions it has', (t) => {
  const mul = encode('mul', { rd: 1, rs1: 2, rs2: 3 });
  t.is(decode(mul, base), undefined);
  t.is(decode(mul, { ...base, extensions: new Set(['i', 'm']) })?.instruction.name, 'mul');
  t.is(decode(encode('addi', { rd: 1, rs1: 2, imm: 3 }), base)?.instruction.name, 'addi');
});

test('each part of bit manipulation is selected by itself', (t) => {
  const parts = {
    zba: ['add.uw', 'slli.uw'],
    zbb: ['andn', 'rev8'],
    zbs: ['bclr', 'bseti'],
  } as const;
  for (const [selected, names] of Object.entries(parts)) {
    for (const extension of ['zba', 'zbb', 'zbs'] as const) {
      const selection: Selection = { ...base, extensions: new Set(['i', 'm', extension]) };
      for (const name of names) {
        const word = instructionByName(name)?.encoding.match ?? 0;
        const expected = extension === selected ? name : undefined;
        t.is(decode(word, selection)?.instruction.name, expected, `${name} with ${extension}`);
      }
    }
  }
});

test('D is selected apart from F, and the floating-point forms of C come with C and D', (t) => {
  const names = (...list: Extension[]): (string | undefined)[] => {
    const selection: Selection = { ...base, extensions: new Set(['i', ...list]) };
    return ['fadd.s', 'fadd.d', 'c.fld'].map((name) => {
      const row = instructionByName(name) ?? compressedByName(name);
      return decode(row?.encoding.match ?? 0, selection)?.instruction.name;
    });
  };
  t.deepEqual(names('c'), [undefined, undefined, undefined]);
  t.deepEqual(names('f', 'c'), ['fadd.s', undefined, undefined]);
  t.deepEqual(names('f', 'd'), ['fadd.s', 'fadd.d', undefined]);
  t.deepEqual(names('f', 'd', 'c'), ['fadd.s', 'fadd.d', 'fld']);
});

test('a hart without H knows nothing of DV-Ext; one with H knows it by the profile’s guard', (t) => {
  const huret = encode('huret', {});
  t.is(decode(huret, { extensions: new Set(['i', 's']), profile: 'paper' }), undefined);
  const plain = decode(huret, { extensions: new Set(['i', 's', 'h']), profile: 'none' });
  t.is(plain?.guard.U, 'illegal');
  const enabled = decode(huret, everyExtension('paper'));
  t.is(enabled?.guard.HS, 'illegal');
  t.not(enabled?.guard.U, 'illegal');
});

test('words of all zeros and all ones are no instructions', (t) => {
  t.is(decode(0, everyExtension()), undefined);
  t.is(decode(0xffff_ffff, everyExtension()), undefined);
});

test('a reserved shift amount is no instruction', (t) => {
  const slliw = encode('slliw', { rd: 1, rs1: 1, shamt: 31 });
  t.is(decode(slliw | (1 << 25), everyExtension()), undefined);
});

test('reserved fields of a fence are ignored', (t) => {
  const odd = encode('fence', { fm: 5, pred: 1, succ: 2, rs1: 3, rd: 4 });
  t.is(decode(odd, everyExtension())?.instruction.name, 'fence');
  const fenceI = encode('fence.i', { imm: -1, rs1: 3, rd: 4 });
  t.is(decode(fenceI, everyExtension())?.instruction.name, 'fence.i');
});

test('a signed and an unsigned word decode alike', (t) => {
  const word = encode('hufence.gvma', { rs1: 1, rs2: 2 });
  t.deepEqual(decode(word, everyExtension()), decode(word | 0, everyExtension()));
  t.is(decode(word | 0, everyExtension())?.word, word);
});
