import test from 'ava';
import fc from 'fast-check';
import type { DvProfile } from '../../../hw/isa/index.ts';
import { CsrBench, exception } from './csr-bench.ts';

const exitRegisters = ['uepc', 'ucause', 'utval', 'hutval', 'hutinst', 'hustatus', 'uscratch'];

/** A hart whose guest has just exited to HU with a guest page fault. */
function inExitHandler(profile: DvProfile = 'paper', knobs = {}): CsrBench {
  const bench = new CsrBench({ profile, knobs });
  bench.write({
    medeleg: ~0n,
    mideleg: ~0n,
    sedeleg: 0xf0_0400n,
    sideleg: 0x11n,
    hedeleg: 0xb109n,
    hideleg: 0x444n,
    utvec: 0x1_0000n,
    stvec: 0xffff_ffc0_0000_1000n,
    mie: ~0n,
  });
  bench.setFields({ 'hstatus.hu': 1n });
  bench.mode = 'VS';
  bench.state.pc = 0x8020_1000n;
  bench.traps.enter({
    cause: 21,
    tval: 0x1000_0005n,
    gva: true,
    gpa: 0x1000_0005n,
    tinst: 0n,
  });
  return bench;
}

const exitState = (bench: CsrBench, names = exitRegisters): readonly bigint[] =>
  names.map((name) => bench.read(name));

/** Traps that an exit handler meets, all of them the kernel's. */
const kernelTraps = [
  exception(8),
  exception(13, 0x1234n),
  exception(12, 0x4444n),
  exception(2, 0x77n),
  // HULV of a bad guest address: a guest page fault with V=0.
  { cause: 21, tval: 0xdead_0000n, gva: true, gpa: 0xbeef_0000n, tinst: 0x3000n },
  { cause: 5, tval: 0xdead_0000n, gva: true, gpa: 0n, tinst: 0n },
] as const;

for (const report of kernelTraps) {
  test(`a trap of cause ${String(report.cause)} in the exit handler goes to HS and loses nothing of the exit`, (t) => {
    const bench = inExitHandler();
    const exit = exitState(bench);
    bench.state.pc = 0x1_0040n;
    t.like(bench.traps.enter(report), { from: 'U', to: 'HS' });
    t.is(bench.field('hstatus.spv'), 0n);
    t.deepEqual(exitState(bench), exit);
    bench.traps.returnFrom('sret');
    t.is(bench.mode, 'U');
    t.is(bench.state.pc, 0x1_0040n);
    t.deepEqual(exitState(bench), exit);
    t.deepEqual(bench.traps.returnFrom('huret'), { from: 'U', to: 'VS' });
    t.is(bench.state.pc, 0x8020_1000n);
  });
}

test('any sequence of kernel traps and returns leaves the exit as it was', (t) => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...kernelTraps), { maxLength: 12 }), (reports) => {
      const bench = inExitHandler();
      const exit = exitState(bench);
      for (const report of reports) {
        bench.traps.enter(report);
        bench.setFields({ 'hstatus.spvp': BigInt(report.cause & 1) });
        bench.traps.returnFrom('sret');
      }
      t.deepEqual(exitState(bench), exit);
      bench.traps.returnFrom('huret');
      t.is(bench.mode, 'VS');
      t.is(bench.state.pc, 0x8020_1000n);
    }),
    { numRuns: 100, seed: 7 },
  );
});

test('a host timer interrupt between exit and handling preempts the handler and loses nothing', (t) => {
  for (const profile of ['paper', 'rtl'] as const) {
    const bench = inExitHandler(profile);
    const names = ['uepc', 'ucause', 'utval', 'hutval'];
    const exit = exitState(bench, names);
    bench.state.pc = 0x1_0008n;
    bench.lines.set('stip', true);
    const number = bench.interrupts.next(bench.mode);
    t.is(number, 5);
    t.is(bench.traps.enter(5).to, 'HS');
    bench.lines.set('stip', false);
    bench.traps.returnFrom('sret');
    t.deepEqual(exitState(bench, names), exit);
    t.is(bench.field('hustatus.spv'), 1n);
    t.is(bench.field('hustatus.spvp'), 1n);
    t.is(bench.traps.returnFrom('huret').to, 'VS');
  }
});

test('a host interrupt that hits the guest goes to HS and returns to the guest', (t) => {
  const bench = inExitHandler();
  bench.traps.returnFrom('huret');
  const exit = exitState(bench);
  bench.lines.set('seip', true);
  t.is(bench.interrupts.next(bench.mode), 9);
  t.like(bench.traps.enter(9), { from: 'VS', to: 'HS' });
  t.is(bench.field('hstatus.spv'), 1n);
  t.deepEqual(bench.traps.returnFrom('sret'), { from: 'HS', to: 'VS' });
  t.deepEqual(exitState(bench), exit);
});

test('interrupts delegated to HU wait while the exit handler runs', (t) => {
  const bench = inExitHandler();
  bench.write({ huip: 1n });
  bench.setFields({ 'hustatus.uie': 1n });
  t.is(bench.interrupts.next('U'), undefined);
  t.is(bench.interrupts.next('HS'), undefined);
  bench.traps.returnFrom('huret');
  t.is(bench.interrupts.next(bench.mode), 0);
  t.is(bench.traps.enter(0).to, 'HU');
  t.is(bench.read('ucause'), 1n << 63n);
});

test('the RTL sends a fault of HULV back to the handler, and the exit is lost', (t) => {
  const bench = inExitHandler('rtl');
  bench.state.pc = 0x1_0044n;
  const fault = { cause: 21, tval: 0xdead_0000n, gva: true, gpa: 0xbeef_0000n, tinst: 0n };
  t.like(bench.traps.enter(fault), { from: 'U', to: 'HU' });
  t.is(bench.read('uepc'), 0x1_0044n);
  t.is(bench.field('hustatus.spv'), 0n);
  t.is(bench.field('hustatus.spvp'), 1n, 'SPVP is kept');
  t.is(bench.traps.returnFrom('huret').to, 'HS', 'and the handler returns as the kernel');
});

test('with htval shared, a fault of HULV into HS overwrites the exit’s guest address', (t) => {
  const bench = inExitHandler('paper', { exitValues: 'shared' });
  bench.traps.enter({ cause: 21, tval: 0n, gva: true, gpa: 0xbeef_0000n, tinst: 0n });
  t.is(bench.read('hutval'), 0xbeef_0000n >> 2n);
});

test('a trap in the kernel while an exit is pending is the kernel’s own', (t) => {
  const bench = inExitHandler();
  const exit = exitState(bench);
  bench.traps.enter(exception(8));
  t.like(bench.traps.enter({ ...exception(21), gpa: 0x4000n }), { from: 'HS', to: 'HS' });
  t.is(bench.field('mstatus.spp'), 1n);
  t.deepEqual(exitState(bench), exit);
});
