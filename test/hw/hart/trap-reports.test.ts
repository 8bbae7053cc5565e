import test from 'ava';
import { assemble, Cause, type Mode } from '../../../hw/isa/index.ts';
import { Bits, Data, Scene, type SceneOptions } from './scene.ts';

const { r, x, u, a, d } = Bits;
const address = BigInt(Data.virtual);
const HU = 1n << 9n;
const SPVP = 1n << 8n;
const FS = 3n << 13n;

/** Registers and control of the hart, with transformed instructions and without physical memory checking. */
const reporting = {
  profile: 'paper',
  compressed: true,
  float: true,
  knobs: { tinst: 'on', pmc: { kind: 'none' } },
  csrs: { mstatus: FS, vsstatus: FS, hstatus: SPVP },
} as const;

const word = (text: string): bigint => BigInt(assemble(text).words[0] ?? 0);

/** Instructions, and the words that stand for them: no immediate, no base, and bit 1 clear for a 16-bit one. */
const transformed: readonly (readonly [text: string, expected: bigint, mode?: Mode])[] = [
  ['lb t1, 8(a0)', word('lb t1, 0(x0)')],
  ['lwu t1, 8(a0)', word('lwu t1, 0(x0)')],
  ['sb t1, 8(a0)', word('sb t1, 0(x0)')],
  ['sd t1, 16(a0)', word('sd t1, 0(x0)')],
  ['lr.w.aq t1, (a0)', word('lr.w.aq t1, (x0)')],
  ['sc.d.rl t2, t1, (a0)', word('sc.d.rl t2, t1, (x0)')],
  ['amomaxu.w.aqrl t2, t1, (a0)', word('amomaxu.w.aqrl t2, t1, (x0)')],
  ['fld fa1, 8(a0)', word('fld fa1, 0(x0)')],
  ['fsw fa1, 8(a0)', word('fsw fa1, 0(x0)')],
  ['c.lw a1, 8(a0)', word('lw a1, 0(x0)') - 2n],
  ['c.sd a1, 8(a0)', word('sd a1, 0(x0)') - 2n],
  ['hlv.h t1, (a0)', word('hlv.h t1, (x0)'), 'HS'],
  ['hlvx.wu t1, (a0)', word('hlvx.wu t1, (x0)'), 'HS'],
  ['hsv.w t1, (a0)', word('hsv.w t1, (x0)'), 'HS'],
];

test('a guest-page fault reports its transformed instruction and guest physical address (priv 18.6.3)', (t) => {
  for (const [text, expected, mode = 'VS'] of transformed) {
    const report = new Scene({ ...reporting, mode, stage2: u | a | d }).run(text);
    t.is(report?.tinst, expected, text);
    t.is(
      (report?.tval2 ?? 0n) - ((report?.tval ?? 0n) >> 2n),
      BigInt(Data.guest - Data.virtual) >> 2n,
    );
    t.true(report?.gva, text);
    t.true([Cause.loadGuestPageFault, Cause.storeGuestPageFault].some((c) => c === report?.cause));
  }
});

test('so does a page fault, without guest physical address (priv 18.6.3)', (t) => {
  for (const [text, expected, mode = 'VS'] of transformed) {
    const report = new Scene({ ...reporting, mode, stage1: a | d }).run(text);
    t.is(report?.tinst, expected, text);
    t.is(report?.tval2, 0n);
    t.true(
      [Cause.loadPageFault, Cause.storePageFault].some((c) => c === report?.cause),
      text,
    );
  }
});

test('a guest-page fault of a read of the guest’s table reports the pseudoinstruction, tinst on or off (priv 18.6.3)', (t) => {
  for (const tinst of ['on', 'off'] as const) {
    for (const text of ['ld t0, 0(a0)', 'amoadd.d t0, t1, (a0)']) {
      const options = { ...reporting, knobs: { tinst, pmc: { kind: 'none' } } } as const;
      const report = new Scene({ ...options, mode: 'VS', tables: 0n }).run(text);
      // The fetch meets the table first.
      t.is(report?.cause, Cause.instructionGuestPageFault);
      t.is(report?.tinst, 0x3000n);
    }
  }
});

test('the offset field is the distance to the faulting byte of a misaligned access (priv 18.6.3)', (t) => {
  const options = { ...reporting, mode: 'VS', misaligned: 'hardware' } as const;
  const report = new Scene(options).run('li t0, 4091\nadd a0, a0, t0\nld t1, 0(a0)');
  t.like(report, { cause: Cause.loadPageFault, tval: address + 4096n });
  t.is(report?.tinst, word('ld t1, 0(t0)'), 'register 5 stands for 5 bytes');
});

test('other exceptions report no instruction (priv 18.6.3)', (t) => {
  for (const text of ['ebreak', 'ecall', 'wfi', '.word 0xffffffff', 'csrr t0, mstatus']) {
    const mode = text === 'wfi' ? 'VU' : 'VS';
    t.is(new Scene({ ...reporting, mode }).run(text)?.tinst, 0n, text);
  }
});

const gva = test.macro<
  [why: string, options: SceneOptions, text: string, cause: number, is: boolean]
>({
  exec: (t, _, options, text, cause, is) => {
    t.like(new Scene(options).run(text), { cause, gva: is });
  },
  title: (_, why, __, ___, ____, is) => `GVA is ${is ? '1' : '0'}: ${why} (priv 18.2.1, 18.4.1)`,
});

const csrs = { hstatus: SPVP };
test(
  gva,
  'page fault of a guest',
  { mode: 'VS', stage1: r },
  'ld t0, 0(a0)',
  Cause.loadPageFault,
  true,
);
test(
  gva,
  'page fault of HS',
  { mode: 'HS', stage1: r },
  'ld t0, 0(a0)',
  Cause.loadPageFault,
  false,
);
test(gva, 'breakpoint of a guest', { mode: 'VU' }, 'ebreak', Cause.breakpoint, true);
test(gva, 'breakpoint of HS', { mode: 'HS' }, 'ebreak', Cause.breakpoint, false);
test(
  gva,
  'misaligned access of a guest',
  { mode: 'VS' },
  'ld t0, 1(a0)',
  Cause.loadAddressMisaligned,
  true,
);
test(
  gva,
  'misaligned target of a guest',
  { mode: 'VS' },
  'addi a0, a0, 2\njr a0',
  Cause.instructionAddressMisaligned,
  true,
);
test(
  gva,
  'illegal instruction of a guest',
  { mode: 'VS' },
  'mret',
  Cause.illegalInstruction,
  false,
);
test(
  gva,
  'virtual instruction of a guest',
  { mode: 'VS' },
  'csrr t0, hstatus',
  Cause.virtualInstruction,
  false,
);
test(
  gva,
  'environment call of a guest',
  { mode: 'VS' },
  'ecall',
  Cause.environmentCallFromVS,
  false,
);
test(
  gva,
  'guest-page fault of HLV',
  { mode: 'HS', csrs, stage2: u },
  'hlv.d t0, (a0)',
  Cause.loadGuestPageFault,
  true,
);
test(
  gva,
  'page fault of HSV',
  { mode: 'HS', csrs, stage1: r | a },
  'hsv.d t0, (a0)',
  Cause.storePageFault,
  true,
);
test(
  gva,
  'misaligned HLV',
  { mode: 'HS', csrs },
  'addi a0, a0, 1\nhlv.d t0, (a0)',
  Cause.loadAddressMisaligned,
  true,
);
test(
  gva,
  'page fault of HLV in U mode',
  { mode: 'U', csrs: { hstatus: SPVP | HU }, stage1: x | a | u },
  'hlv.d t0, (a0)',
  Cause.loadPageFault,
  true,
);
test(
  gva,
  'guest-page fault of M under MPRV and MPV',
  { mode: 'M', stage2: u },
  `li a0, ${String(Data.virtual)}
   li t1, 1
   slli t1, t1, 39
   li t2, 0x20800
   or t1, t1, t2
   csrs mstatus, t1
   ld t0, 0(a0)`,
  Cause.loadGuestPageFault,
  true,
);
