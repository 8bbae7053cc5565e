import test from 'ava';
import fc from 'fast-check';
import {
  assemble,
  AssemblyError,
  decode,
  disassemble,
  encode,
  everyExtension,
} from '../../../hw/isa/index.ts';
import { anyInstruction } from './any-instruction.ts';

/** The assembled words as text again, addresses counted from 0. */
function listing(text: string): string[] {
  return assemble(text).words.map((word, index) => disassemble(word, BigInt(index * 4)));
}

test('assembling what the disassembler writes gives the word back', (t) => {
  fc.assert(
    fc.property(anyInstruction, fc.boolean(), ({ word }, absolute) => {
      const base = 0x8000_0000n;
      const text = disassemble(word, absolute ? base : undefined);
      t.deepEqual([...assemble(text, { base }).words], [word], text);
    }),
    { numRuns: 2000 },
  );
});

test('operands are written as the manual writes them', (t) => {
  t.is(disassemble(encode('add', { rd: 10, rs1: 11, rs2: 12 })), 'add a0, a1, a2');
  t.is(disassemble(encode('ld', { rd: 10, rs1: 2, imm: -8 })), 'ld a0, -8(sp)');
  t.is(disassemble(encode('sd', { rs2: 1, rs1: 2, imm: 8 })), 'sd ra, 8(sp)');
  t.is(disassemble(encode('lui', { rd: 5, imm: -0x8000_0000 })), 'lui t0, 0x80000');
  t.is(disassemble(encode('beq', { rs1: 8, rs2: 0, imm: -4 })), 'beq s0, zero, . - 4');
  t.is(disassemble(encode('beq', { rs1: 8, rs2: 0, imm: -4 }), 0x1000n), 'beq s0, zero, 0xffc');
  t.is(disassemble(encode('csrrw', { rd: 0, csr: 0x300, rs1: 5 })), 'csrrw zero, mstatus, t0');
  t.is(disassemble(encode('csrrsi', { rd: 10, csr: 0x7ff, uimm: 3 })), 'csrrsi a0, 0x7ff, 3');
  t.is(disassemble(encode('fence', { pred: 3, succ: 1 })), 'fence rw, w');
  t.is(disassemble(encode('lr.d', { rd: 10, rs1: 11, aq: 1, rl: 1 })), 'lr.d.aqrl a0, (a1)');
  t.is(disassemble(encode('hlvx.hu', { rd: 5, rs1: 7 })), 'hlvx.hu t0, (t2)');
  t.is(disassemble(encode('huret', {})), 'huret');
  t.is(disassemble(encode('clz', { rd: 10, rs1: 11 })), 'clz a0, a1');
  t.is(disassemble(encode('rori', { rd: 10, rs1: 11, shamt: 63 })), 'rori a0, a1, 63');
  t.is(disassemble(encode('fadd.d', { frd: 0, frs1: 8, frs2: 10, rm: 7 })), 'fadd.d ft0, fs0, fa0');
  t.is(
    disassemble(encode('fadd.s', { frd: 0, frs1: 8, frs2: 31, rm: 1 })),
    'fadd.s ft0, fs0, ft11, rtz',
  );
  t.is(disassemble(encode('fcvt.d.w', { frd: 1, rs1: 8, rm: 0 })), 'fcvt.d.w ft1, s0');
  t.is(disassemble(encode('fcvt.d.w', { frd: 1, rs1: 8, rm: 7 })), 'fcvt.d.w ft1, s0, dyn');
  t.is(disassemble(encode('fsd', { frs2: 27, rs1: 2, imm: 8 })), 'fsd fs11, 8(sp)');
  t.is(disassemble(0), '.word 0x0');
  t.is(disassemble(encode('fence', { fm: 8, pred: 3, succ: 3 })), '.word 0x8330000f');
});

test('registers answer to their numbers and to the names of the calling convention', (t) => {
  t.deepEqual(listing('add x10, x1, fp\nadd a0, ra, s0'), ['add a0, ra, s0', 'add a0, ra, s0']);
});

test('labels can be used before and after they are defined', (t) => {
  t.deepEqual(listing('start: beq a0, a1, end\nj start\nend: nop'), [
    'beq a0, a1, 0x8',
    'jal zero, 0x0',
    'addi zero, zero, 0',
  ]);
});

test('a numbered label is found by its direction', (t) => {
  t.deepEqual(listing('1: j 1f\nj 1b\n1: j 1b'), [
    'jal zero, 0x8',
    'jal zero, 0x0',
    'jal zero, 0x8',
  ]);
});

test('pseudo-instructions stand for the instructions of the manual’s table', (t) => {
  const stands = (text: string, ...expected: string[]): void => {
    t.deepEqual(listing(text), expected, text);
  };
  stands('nop', 'addi zero, zero, 0');
  stands('mv a0, a1', 'addi a0, a1, 0');
  stands('not a0, a1', 'xori a0, a1, -1');
  stands('neg a0, a1', 'sub a0, zero, a1');
  stands('zext.w a0, a1', 'add.uw a0, a1, zero');
  stands('seqz a0, a1', 'sltiu a0, a1, 1');
  stands('sext.w a0, a1', 'addiw a0, a1, 0');
  stands('x: bgt a0, a1, x', 'blt a1, a0, 0x0');
  stands('x: bleu a0, a1, x', 'bgeu a1, a0, 0x0');
  stands('x: bgtz a0, x', 'blt zero, a0, 0x0');
  stands('jr t0', 'jalr zero, 0(t0)');
  stands('jalr t0', 'jalr ra, 0(t0)');
  stands('jalr a0, t0, 4', 'jalr a0, 4(t0)');
  stands('ret', 'jalr zero, 0(ra)');
  stands('csrr a0, sstatus', 'csrrs a0, sstatus, zero');
  stands('csrw hgatp, a0', 'csrrw zero, hgatp, a0');
  stands('csrsi mstatus, 8', 'csrrsi zero, mstatus, 8');
  stands('rdtime a0', 'csrrs a0, time, zero');
  stands('fence', 'fence iorw, iorw');
  stands('sfence.vma', 'sfence.vma zero, zero');
  stands('hufence.gvma', 'hufence.gvma zero, zero');
  stands('call .+0x12344', 'auipc ra, 0x12', 'jalr ra, 836(ra)');
  stands('tail . - 2052', 'auipc t1, 0xfffff', 'jalr zero, 2044(t1)');
  stands('la a0, .', 'auipc a0, 0x0', 'addi a0, a0, 0');
});

test('a hint is written by its name and encoded as the instruction that it borrows', (t) => {
  const words = [0x0100_000f, 0x0020_0033, 0x0030_0033, 0x0040_0033, 0x0050_0033];
  const names = ['pause', 'ntl.p1', 'ntl.pall', 'ntl.s1', 'ntl.all'];
  t.deepEqual([...assemble(names.join('\n')).words], words);
  t.deepEqual(
    words.map((word) => disassemble(word)),
    names,
  );
  t.is(decode(0x0100_000f, everyExtension())?.instruction.name, 'fence');
  t.is(disassemble(0x0060_0033), 'add zero, zero, t1');
});

test('a prefetch is an ori to x0 whose lowest five bits name its kind (unpriv 19)', (t) => {
  const texts = ['prefetch.i 0(a0)', 'prefetch.r -2048(t0)', 'prefetch.w 2016(sp)'];
  const words = [0x0005_6013, 0x8012_e013, 0x7e31_6013];
  t.deepEqual([...assemble(texts.join('\n')).words], words);
  t.deepEqual(
    words.map((word) => disassemble(word)),
    texts,
  );
  t.is(decode(0x0005_6013, everyExtension())?.instruction.name, 'ori');
  t.is(disassemble(0x0025_6013), 'ori zero, a0, 2');
  t.throws(() => assemble('prefetch.r 4(a0)'), { message: /prefetch.r: imm/ });
});

test('an unused ordering suffix is refused, a used one sets aq and rl', (t) => {
  t.deepEqual(
    [...assemble('amoswap.w.rl a0, a1, (a2)').words],
    [encode('amoswap.w', { rd: 10, rs1: 12, rs2: 11, rl: 1 })],
  );
  t.throws(() => assemble('add.aq a0, a1, a2'), { message: /unknown instruction 'add.aq'/ });
});

test('directives lay out data', (t) => {
  const { bytes, labels } = assemble(
    `.equ size, 2 * 3 + 1
     .byte size, 'A', -1
     .half 0x1234
     .balign 4
     here: .word here, 0xdead_beef
     .dword -2
     .asciz "ok\\n"
     .zero 2
     end:`,
    { base: 0x100 },
  );
  t.is(
    Buffer.from(bytes).toString('hex'),
    ['0741ff', '3412', '000000', '08010000efbeadde', 'feffffffffffffff', '6f6b0a00', '0000'].join(
      '',
    ),
  );
  t.is(labels.get('here'), 0x108n);
  t.is(labels.get('end'), 0x11en);
  t.is(labels.get('size'), 7n);
});

test('code is aligned with instructions that do nothing', (t) => {
  t.deepEqual(listing('ret\n.align 3\nret'), [
    'jalr zero, 0(ra)',
    'addi zero, zero, 0',
    'jalr zero, 0(ra)',
  ]);
});

test('expressions follow the usual precedence and see given symbols', (t) => {
  const value = (expression: string): bigint => {
    const { bytes } = assemble(`.dword ${expression}`, { symbols: { eight: 8 } });
    return new DataView(bytes.buffer).getBigInt64(0, true);
  };
  t.is(value('1 + 2 * 3'), 7n);
  t.is(value('(1 + 2) * 3'), 9n);
  t.is(value('1 << 4 | 1'), 17n);
  t.is(value('-eight + ~0'), -9n);
  t.is(value('0b1010 ^ 0xf & 6'), 12n);
  t.is(value('100 / 7 % 5'), 4n);
  t.is(value("'\\n'"), 10n);
  t.is(value('%lo(0x12345fff)'), -1n);
  t.is(value('%hi(0x12345fff)'), 0x12346n);
});

const error = test.macro<[text: string, message: string]>({
  exec: (t, text, message) => {
    const thrown = t.throws(() => assemble(text), { instanceOf: AssemblyError });
    t.is(thrown.message, message);
  },
  title: (why) => `an error says where and what: ${why ?? ''}`,
});

test(
  'instruction',
  error,
  'nop\n  addd a0, a1, a2',
  "2:3: unknown instruction 'addd'; did you mean 'add'?",
);
test('register', error, 'add a0, a1, q2', "1:13: unknown register 'q2'; did you mean 't2'?");
test('CSR', error, 'csrr a0, mstatsu', "1:10: unknown CSR 'mstatsu'; did you mean 'mstatus'?");
test('symbol', error, 'j loopp\nloop:', "1:3: unknown symbol 'loopp'; did you mean 'loop'?");
test('directive', error, '.wrd 1', "1:1: unknown directive '.wrd'; did you mean '.word'?");
test('range', error, 'addi a0, a1, 5000', '1:1: addi: imm = 5000 is outside -2048 … 2047');
test(
  'distance',
  error,
  'beq a0, a1, 0x1001000',
  '1:1: beq: imm = 16781312 is outside -4096 … 4094',
);
test('missing', error, 'add a0, a1', '1:9: add misses its operand rs2');
test('surplus', error, 'add a0, a1, a2, a3', '1:17: add has 3 operands');
test('arity', error, 'ret a0', '1:1: ret does not take 1 operands');
test('address', error, 'lw a0, a1', '1:8: expected an address such as 8(a0)');
test('offset', error, 'lr.w a0, 4(a1)', '1:10: this instruction takes no offset');
test('character', error, 'nop ?', "1:5: unexpected character '?'");
test('twice', error, 'x: nop\nx: nop', "2:1: 'x' is defined twice");
test('size', error, '.byte 256', '1:7: 256 does not fit 1 bytes');
test('division', error, '.word 1 / 0', '1:9: division by zero');

test('a rounding mode that is left out is dynamic, or the one that an exact conversion wants', (t) => {
  t.deepEqual(listing('fadd.s f0, f1, f2\nfadd.s f0, f1, f2, dyn\nfadd.s f0, f1, f2, rne'), [
    'fadd.s ft0, ft1, ft2',
    'fadd.s ft0, ft1, ft2',
    'fadd.s ft0, ft1, ft2, rne',
  ]);
  t.deepEqual(listing('fcvt.d.s f0, f1\nfcvt.s.d f0, f1'), [
    'fcvt.d.s ft0, ft1',
    'fcvt.s.d ft0, ft1',
  ]);
  t.throws(() => assemble('fadd.s f0, f1, f2, up'), {
    message: /unknown rounding mode 'up'; did you mean 'rup'/,
  });
  t.throws(() => assemble('fadd.s f0, f1, a2'), {
    message: /unknown floating-point register 'a2'/,
  });
  t.throws(() => encode('fadd.s', { frd: 0, frs1: 1, frs2: 2, rm: 5 }), {
    message: /rm = 5 is reserved/,
  });
});

test('floating-point pseudo-instructions stand for sign injections, comparisons and CSR accesses', (t) => {
  t.deepEqual(listing('fmv.s fa0, fa1\nfneg.d fa0, fa1\nfabs.d fa0, fa1\nfgt.s a0, fa1, fa2'), [
    'fsgnj.s fa0, fa1, fa1',
    'fsgnjn.d fa0, fa1, fa1',
    'fsgnjx.d fa0, fa1, fa1',
    'flt.s a0, fa2, fa1',
  ]);
  t.deepEqual(listing('fsrm a0, a1\nfrflags a0\nfscsr a1\nfsrmi 3'), [
    'csrrw a0, frm, a1',
    'csrrs a0, fflags, zero',
    'csrrw zero, fcsr, a1',
    'csrrwi zero, frm, 3',
  ]);
});
