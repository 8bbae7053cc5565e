import test from 'ava';
import { Cause } from '../../../hw/isa/index.ts';
import { csrNamed } from './csr-bench.ts';
import { Bits, Data, Scene, type SceneOptions } from './scene.ts';

const { r, w } = Bits;
const R = 1n;
const W = 2n;
const X = 4n;
const LOCK = 0x80n;
const SPVP = 1n << 8n;

function cause(
  options: SceneOptions,
  [base, bytes, permissions]: readonly [number, number, bigint],
  text: string,
): number | undefined {
  const place = new Scene(options);
  place.protect(base, bytes, permissions);
  return place.run(text)?.cause;
}

const page = [Data.physical, 4096] as const;

test('loads need R, stores and AMOs W, fetches X of the entry (priv 3.7.1)', (t) => {
  for (const mode of ['HS', 'U', 'VS', 'VU'] as const) {
    t.is(cause({ mode }, [...page, X], 'ld t0, 0(a0)'), Cause.loadAccessFault);
    t.is(cause({ mode }, [...page, X], 'lr.d t0, (a0)'), Cause.loadAccessFault);
    t.is(cause({ mode }, [...page, R], 'ld t0, 0(a0)'), undefined);
    t.is(cause({ mode }, [...page, R], 'sd t0, 0(a0)'), Cause.storeAccessFault);
    t.is(cause({ mode }, [...page, R], 'sc.d t1, t0, (a0)'), Cause.storeAccessFault);
    t.is(cause({ mode }, [...page, R], 'amoadd.d t1, t0, (a0)'), Cause.storeAccessFault);
    t.is(cause({ mode }, [...page, R | W], 'sd t0, 0(a0)'), undefined);
    t.is(cause({ mode }, [...page, R | W], 'jr a0'), Cause.instructionAccessFault);
  }
});

test('M passes unless the entry is locked, and then obeys it (priv 3.7.1)', (t) => {
  t.is(cause({ mode: 'M' }, [...page, 0n], 'sd t0, 0(a0)'), undefined);
  t.is(cause({ mode: 'M' }, [...page, LOCK], 'ld t0, 0(a0)'), Cause.loadAccessFault);
  t.is(cause({ mode: 'M' }, [...page, LOCK | R], 'ld t0, 0(a0)'), undefined);
  t.is(cause({ mode: 'M' }, [...page, LOCK | R], 'sd t0, 0(a0)'), Cause.storeAccessFault);
  t.is(cause({ mode: 'M' }, [...page, LOCK | R], 'jr a0'), Cause.instructionAccessFault);
});

test('M under MPRV is checked as the mode of MPP (priv 3.1.6.3)', (t) => {
  const modified = 'li t1, 0x20800\ncsrs mstatus, t1\nld t0, 0(a0)';
  t.is(cause({ mode: 'M' }, [...page, 0n], modified), Cause.loadAccessFault);
  t.is(cause({ mode: 'M' }, [...page, R], modified), undefined);
});

test('a lock outlasts all writes, and locks the address of its entry (priv 3.7.1)', (t) => {
  const place = new Scene({ mode: 'M' });
  place.protect(...page, LOCK | R);
  t.is(
    place.run('csrw pmpcfg0, x0\ncsrw pmpaddr0, x0\nsd t0, 0(a0)')?.cause,
    Cause.storeAccessFault,
  );
});

test('NA4 covers its four bytes, and an access that it covers in part fails (priv 3.7.1)', (t) => {
  const entry = [Data.physical + 8, 4, 0n] as const;
  t.is(cause({ mode: 'HS' }, entry, 'lw t0, 4(a0)'), undefined);
  t.is(cause({ mode: 'HS' }, entry, 'lw t0, 8(a0)'), Cause.loadAccessFault);
  t.is(cause({ mode: 'HS' }, entry, 'lw t0, 12(a0)'), undefined);
  t.is(cause({ mode: 'HS' }, entry, 'ld t0, 8(a0)'), Cause.loadAccessFault);
});

test('TOR covers from the address below to its own (priv 3.7.1)', (t) => {
  const faults = (text: string): number | undefined => {
    const place = new Scene({ mode: 'HS' });
    const { csrs } = place.machine.hart;
    csrs.write(csrNamed('pmpaddr2'), ~0n);
    csrs.write(csrNamed('pmpaddr1'), BigInt(Data.physical + 32) >> 2n);
    csrs.write(csrNamed('pmpaddr0'), BigInt(Data.physical + 16) >> 2n);
    csrs.write(csrNamed('pmpcfg0'), (0x1fn << 16n) | (0x08n << 8n));
    return place.run(text)?.cause;
  };
  t.is(faults('ld t0, 8(a0)'), undefined);
  t.is(faults('ld t0, 16(a0)'), Cause.loadAccessFault);
  t.is(faults('ld t0, 24(a0)'), Cause.loadAccessFault);
  t.is(faults('ld t0, 32(a0)'), undefined);
});

test('where no entry matches M passes and S does not (priv 3.7.1)', (t) => {
  for (const [mode, expected] of [
    ['M', undefined],
    ['HS', Cause.instructionAccessFault],
  ] as const) {
    t.is(new Scene({ mode, csrs: { pmpcfg0: 0n } }).run('ld t0, 0(a0)')?.cause, expected);
  }
});

test('the read of a table that protection refuses is an access fault of the original access (priv 3.7.2)', (t) => {
  for (const [mode, stage] of [
    ['HS', 'host'],
    ['VS', 'guest'],
    ['VS', 'stage2'],
  ] as const) {
    for (const [text, expected] of [
      ['ld t0, 0(a0)', Cause.loadAccessFault],
      ['lr.d t0, (a0)', Cause.loadAccessFault],
      ['sd t0, 0(a0)', Cause.storeAccessFault],
      ['amoadd.d t0, t0, (a0)', Cause.storeAccessFault],
      ['jr a0', Cause.instructionAccessFault],
    ] as const) {
      const place = new Scene({ mode });
      place.protect(place.entry(stage), 8, W | X);
      t.is(place.run(text)?.cause, expected, `${text}, ${stage}`);
    }
  }
});

test('setting A or D where protection refuses a store is an access fault of the original access (priv 12.3.2)', (t) => {
  const place = new Scene({
    mode: 'HS',
    named: ['svadu'],
    csrs: { menvcfg: 1n << 61n },
    stage1: r | w,
  });
  place.protect(place.entry('host'), 8, R);
  t.is(place.run('ld t0, 0(a0)')?.cause, Cause.loadAccessFault);
});

test('HLVX needs both R and X of protection (priv 18.3.1)', (t) => {
  const options = { mode: 'HS', csrs: { hstatus: SPVP } } as const;
  t.is(cause(options, [...page, X], 'hlvx.wu t0, (a0)'), Cause.loadAccessFault);
  t.is(cause(options, [...page, R], 'hlvx.wu t0, (a0)'), Cause.loadAccessFault);
  t.is(cause(options, [...page, R | X], 'hlvx.wu t0, (a0)'), undefined);
  t.is(cause(options, [Data.physical, 2048, R], 'hlvx.wu t0, (a0)'), Cause.loadAccessFault);
  t.is(cause(options, [...page, R], 'hlv.w t0, (a0)'), undefined);
});
