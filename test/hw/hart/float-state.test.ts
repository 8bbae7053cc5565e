import test from 'ava';
import {
  Cause,
  fcsr,
  fflags,
  frm,
  misa,
  mstatus,
  mtval,
  sstatus,
  vsstatus,
} from '../../../hw/isa/index.ts';
import { CsrBench } from './csr-bench.ts';
import { guestMachine } from './guest-machine.ts';
import { testMachine, type TestMachine } from './machine.ts';

const [OFF, INITIAL, CLEAN, DIRTY] = [0n, 1n, 2n, 3n];
const SUMMARY = 1n << 63n;
const FINISH = `
  li t1, FINISHER
  sd a0, 0(t1)
  j .`;

/** Runs a program in M mode with `mtvec` behind it; what it finishes with is its a0, or the cause of its trap. */
function run(text: string, fs = INITIAL): TestMachine {
  const machine = testMachine({ float: true });
  machine.hart.csrs.setFields(mstatus, { fs });
  machine.load(`
    la t0, handler
    csrw mtvec, t0
    ${text}
    ${FINISH}
    .align 2
  handler:
    csrr a0, mcause
    ${FINISH}`);
  machine.run(2000);
  return machine;
}

const needFloat = [
  'fadd.s f1, f2, f3',
  'fsgnj.d f1, f2, f3',
  'fmv.x.d a0, f1',
  'fmv.d.x f1, x0',
  'feq.d a0, f1, f2',
  'fclass.s a0, f1',
  'fcvt.w.s a0, f1',
  'flw f1, 0(x0)',
  'fsd f1, 0(x0)',
  'csrr a0, fflags',
  'csrr a0, frm',
  'csrw fcsr, x0',
];

for (const text of needFloat) {
  test(`${text}: is illegal while FS is Off`, (t) => {
    const { hart, finished } = run(text, OFF);
    t.is(finished(), BigInt(Cause.illegalInstruction));
    t.not(hart.csrs.read(mtval), 0n);
    t.is(hart.csrs.field(mstatus, 'fs'), OFF);
  });
}

test('what writes a register or fcsr, or raises a flag, leaves FS Dirty and SD set; the rest does not', (t) => {
  const statusAfter = (text: string): bigint => {
    const { hart } = run(`li a0, 0x3ff0000000000000\n${text}`, CLEAN);
    t.is(hart.csrs.read(mstatus) >> 63n, hart.csrs.field(mstatus, 'fs') === DIRTY ? 1n : 0n);
    t.is(hart.csrs.read(sstatus) & SUMMARY, hart.csrs.read(mstatus) & SUMMARY);
    return hart.csrs.field(mstatus, 'fs');
  };
  for (const text of ['fmv.d.x f1, a0', 'fsgnj.s f1, f1, f1', 'fadd.d f1, f1, f1']) {
    t.is(statusAfter(text), DIRTY, text);
  }
  for (const text of ['csrw fflags, x0', 'fsrmi 0', 'csrsi fcsr, 1']) {
    t.is(statusAfter(text), DIRTY, text);
  }
  for (const text of ['flt.d a1, f1, f1', 'fclass.d a1, f1', 'csrr a1, fcsr', 'feq.s a1, f1, f1']) {
    t.is(statusAfter(text), CLEAN, text);
  }
});

test('a signaling comparison of NaNs raises a flag and so leaves FS Dirty', (t) => {
  const { hart } = run('fle.s a1, f1, f1', CLEAN);
  t.is(hart.csrs.read(fflags), 16n);
  t.is(hart.csrs.field(mstatus, 'fs'), DIRTY);
});

test('fflags and frm are the parts of fcsr; other bits do not exist', (t) => {
  const { csrs } = testMachine({ float: true }).hart;
  csrs.write(fcsr, ~0n & ((1n << 64n) - 1n));
  t.is(csrs.read(fcsr), 0xffn);
  csrs.write(frm, 0xan);
  t.is(csrs.read(frm), 2n);
  csrs.write(fflags, 0x25n);
  t.is(csrs.read(fcsr), 0x45n);
});

test('flags accumulate until software clears them', (t) => {
  const { hart } = run(`
    li a0, 0x3ff0000000000000
    fmv.d.x f1, a0
    fdiv.d f2, f1, f0
    fcvt.s.d f3, f2
    li a0, 3
    fcvt.d.l f3, a0
    fdiv.d f2, f1, f3`);
  t.is(hart.csrs.read(fflags), 0x09n);
});

test('a dynamic rounding mode is that of frm', (t) => {
  const third = (mode: number): bigint => {
    const { hart } = run(`
      fsrmi ${String(mode)}
      li a0, 1
      fcvt.d.l f1, a0
      li a0, 3
      fcvt.d.l f2, a0
      fdiv.d f3, f1, f2
      fdiv.d f4, f1, f2, rup`);
    t.is(hart.state.f[4], 0x3fd5_5555_5555_5556n);
    return hart.state.f[3] ?? 0n;
  };
  t.is(third(0), 0x3fd5_5555_5555_5555n);
  t.is(third(3), 0x3fd5_5555_5555_5556n);
});

test('a reserved mode in frm makes instructions with a dynamic one illegal, exact ones too, and no others', (t) => {
  for (const mode of [5, 6, 7]) {
    for (const text of ['fadd.s f1, f2, f3', 'fcvt.d.w f1, a1, dyn', 'fcvt.w.d a0, f1']) {
      const { finished } = run(`fsrmi ${String(mode)}\n${text}`);
      t.is(finished(), BigInt(Cause.illegalInstruction), text);
    }
    for (const text of ['fadd.s f1, f2, f3, rne', 'fmin.d f1, f2, f3', 'fcvt.d.w f1, a1']) {
      t.is(run(`fsrmi ${String(mode)}\nli a0, 99\n${text}`).finished(), 99n, text);
    }
  }
});

test('reserved modes in an instruction make it illegal', (t) => {
  const FADD_D = 0x0220_8053;
  for (const mode of [5, 6]) {
    const { finished } = run(`.word ${String(FADD_D | (mode << 12))}`);
    t.is(finished(), BigInt(Cause.illegalInstruction));
  }
  t.is(run(`li a0, 7\n.word ${String(FADD_D)}`).finished(), 7n);
});

test('a single in a register has ones above it; a register that holds no single counts as the canonical NaN', (t) => {
  const { hart } = run(`
    li a0, 0x3f800000
    fmv.w.x f1, a0
    fmv.d.x f2, a0
    fadd.s f3, f1, f1, rne
    fadd.s f4, f1, f2, rne
    fsgnjn.s f5, f2, f2
    fmv.x.w a1, f2
    fclass.s a2, f2
    fsw f2, 256(t0)
    flw f6, 256(t0)`);
  const { f, x } = hart.state;
  t.is(f[1], 0xffff_ffff_3f80_0000n);
  t.is(f[3], 0xffff_ffff_4000_0000n);
  t.is(f[4], 0xffff_ffff_7fc0_0000n);
  t.is(f[5], 0xffff_ffff_ffc0_0000n);
  t.is(f[6], 0xffff_ffff_3f80_0000n);
  t.is(x[11], 0x3f80_0000n);
  t.is(x[12], 1n << 9n);
});

test('misa names F and D, and a hart without them has neither their CSRs nor FS', (t) => {
  const letters = (1n << 5n) | (1n << 3n);
  t.is(testMachine({ float: true }).hart.csrs.read(misa) & letters, letters);
  const { csrs } = new CsrBench();
  t.is(csrs.read(misa) & letters, 0n);
  t.false(csrs.has(fcsr));
  csrs.write(mstatus, 0x6000n);
  t.is(csrs.read(mstatus) & (SUMMARY | 0x6000n), 0n);
});

test('nobody writes SD', (t) => {
  const { csrs } = testMachine({ float: true }).hart;
  csrs.write(mstatus, SUMMARY);
  t.is(csrs.read(mstatus) & SUMMARY, 0n);
  csrs.write(vsstatus, SUMMARY | 0x6000n);
  t.is(csrs.read(vsstatus) & SUMMARY, SUMMARY);
  csrs.write(sstatus, 0x6000n);
  t.is(csrs.read(mstatus) & (SUMMARY | 0x6000n), SUMMARY | 0x6000n);
});

const exitHandler = `csrr a1, ucause\n${FINISH}`;

test('a guest needs its own FS and that of its host, and dirties both', (t) => {
  const after = (host: bigint, guest: bigint): readonly bigint[] => {
    const machine = guestMachine(exitHandler, 'fmv.d.x f1, x0\necall', { float: true });
    const { csrs } = machine.hart;
    csrs.setFields(mstatus, { fs: host });
    csrs.setFields(vsstatus, { fs: guest });
    let cause: number | undefined;
    machine.hart.onTrap = (trap) => (cause ??= trap.cause);
    machine.run(500);
    return [BigInt(cause ?? -1), csrs.field(mstatus, 'fs'), csrs.field(vsstatus, 'fs')];
  };
  const call = BigInt(Cause.environmentCallFromVS);
  t.deepEqual(after(INITIAL, CLEAN), [call, DIRTY, DIRTY]);
  t.deepEqual(after(INITIAL, OFF), [BigInt(Cause.illegalInstruction), INITIAL, OFF]);
  t.deepEqual(after(OFF, INITIAL), [BigInt(Cause.illegalInstruction), OFF, INITIAL]);
});

test('a host dirties only its own FS', (t) => {
  const { hart } = run('fmv.d.x f1, x0');
  t.is(hart.csrs.field(mstatus, 'fs'), DIRTY);
  t.is(hart.csrs.field(vsstatus, 'fs'), OFF);
});

test('the commit log shows registers, flags and FS as Spike does', (t) => {
  const machine = testMachine({ float: true, compressed: true });
  const lines: string[] = [];
  machine.hart.commitLog = (line) => lines.push(line.replace(/^.*\) /, ''));
  machine.hart.csrs.setFields(mstatus, { fs: INITIAL });
  machine.load(`
    fmv.w.x f10, x0
    fdiv.s f1, f10, f10
    fdiv.s f1, f10, f10
    feq.s a0, f1, f10
    flt.s a0, f1, f10
    csrw fcsr, x0
    c.fld f8, 8(s1)`);
  machine.hart.state.x[9] = 0x8000_0000n;
  machine.run(120);
  t.deepEqual(lines.slice(0, 7), [
    'f10 0xffffffff00000000 c768_mstatus 0x8000000a00006000',
    'f1  0xffffffff7fc00000 c1_fflags 0x0000000000000010',
    'f1  0xffffffff7fc00000 c1_fflags 0x0000000000000010',
    'x10 0x0000000000000000',
    'c1_fflags 0x0000000000000010 x10 0x0000000000000000',
    'c1_fflags 0x0000000000000000 c2_frm 0x0000000000000000',
    'f8  0xa0a0a55318a570d3 mem 0x0000000080000008',
  ]);
});
