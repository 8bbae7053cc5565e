import test from 'ava';
import { Cause } from '../../../hw/isa/index.ts';
import { Bits, Data, Scene, type SceneOptions } from './scene.ts';

const { r, w, u, a, d } = Bits;

const first = test.macro<[why: string, options: SceneOptions, text: string, cause: number]>({
  exec: (t, _, options, text, cause) => {
    t.is(new Scene(options).run(text)?.cause, cause);
  },
  title: (_, why) => `${why} (priv 18.6.1, table of priorities)`,
});

test(
  first,
  'a page fault of stage 1 comes before the guest-page fault of stage 2',
  { mode: 'VS', stage1: r, stage2: u },
  'ld t0, 0(a0)',
  Cause.loadPageFault,
);
test(
  first,
  'a guest-page fault of the guest’s table comes before the page fault that is in it',
  { mode: 'VS', stage1: 0n, tables: 0n },
  'ld t0, 0(a0)',
  Cause.instructionGuestPageFault,
);
test(
  first,
  'a misaligned load that hardware does not split is misaligned before it is translated',
  { mode: 'VS', stage1: 0n },
  'ld t0, 1(a0)',
  Cause.loadAddressMisaligned,
);
test(
  first,
  'a misaligned load that hardware splits is translated',
  { mode: 'VS', stage1: 0n, misaligned: 'hardware' },
  'ld t0, 1(a0)',
  Cause.loadPageFault,
);
test(
  first,
  'a misaligned AMO is misaligned before it is translated',
  { mode: 'HS', stage1: 0n, misaligned: 'hardware' },
  'addi a0, a0, 4\namoadd.d t0, t1, (a0)',
  Cause.storeAddressMisaligned,
);
test(
  first,
  'a misaligned target is reported by the jump, before it is fetched',
  { mode: 'HS', stage1: 0n },
  'addi a0, a0, 2\njr a0',
  Cause.instructionAddressMisaligned,
);
test(
  first,
  'an instruction page fault is that of the target',
  { mode: 'HS', stage1: r | w | a | d },
  'jr a0',
  Cause.instructionPageFault,
);
test(
  first,
  'an instruction that a guest may not execute is not translated for',
  { mode: 'VS', stage1: 0n },
  'hlv.d t0, (a0)',
  Cause.virtualInstruction,
);
test(
  first,
  'illegal instruction comes before virtual instruction: WFI in VU with TW',
  { mode: 'VU', csrs: { mstatus: 1n << 21n } },
  'wfi',
  Cause.illegalInstruction,
);
test(
  first,
  'a disabled cache-block operation is illegal before it is translated',
  { mode: 'HS', stage1: 0n, named: ['zicboz'] },
  'cbo.zero (a0)',
  Cause.illegalInstruction,
);
test('a page fault comes before the access fault of the page behind it', (t) => {
  const place = new Scene({ mode: 'HS', stage1: r | a });
  place.protect(Data.physical, 4096, 0n);
  t.is(place.run('sd t0, 0(a0)')?.cause, Cause.storePageFault);
});
