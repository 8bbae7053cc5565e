import test from 'ava';
import { guardOutcome, instructions } from '../../../hw/isa/index.ts';
import type { Csr, DvProfile, Mode } from '../../../hw/isa/index.ts';
import { CsrBench } from './csr-bench.ts';

function readyHandler(profile: DvProfile = 'paper', knobs = {}): CsrBench {
  const bench = new CsrBench({ profile, knobs });
  bench.mode = 'U';
  bench.setFields({ 'hstatus.hu': 1n });
  bench.write({ uepc: 0x8020_0010n });
  return bench;
}

test('HURET resumes the guest in VS or VU, as SPVP says', (t) => {
  for (const profile of ['paper', 'rtl', 'qemu'] as const) {
    for (const [spvp, to] of [
      [1n, 'VS'],
      [0n, 'VU'],
    ] as const) {
      const bench = readyHandler(profile);
      bench.setFields({ 'hustatus.spv': 1n });
      bench.setFields({ 'hustatus.spvp': spvp });
      t.deepEqual(bench.traps.returnFrom('huret'), { from: 'U', to });
      t.is(bench.state.pc, 0x8020_0010n);
      t.is(bench.field('hustatus.spv'), 0n);
      t.is(bench.field('hustatus.spvp'), profile === 'qemu' ? 0n : spvp);
    }
  }
});

test('HURET with SPV=0 returns to U whatever SPVP says, or to the level of SPVP', (t) => {
  const cases: readonly (readonly [DvProfile, object, bigint, Mode])[] = [
    ['paper', {}, 0n, 'U'],
    ['paper', {}, 1n, 'U'],
    ['paper', { huretPrivilege: 'previous' }, 1n, 'HS'],
    ['rtl', {}, 0n, 'U'],
    ['rtl', {}, 1n, 'HS'],
    ['rtl', { huretPrivilege: 'user' }, 1n, 'U'],
    ['qemu', {}, 1n, 'HS'],
  ];
  for (const [profile, knobs, spvp, to] of cases) {
    const bench = readyHandler(profile, knobs);
    bench.setFields({ 'hustatus.spvp': spvp });
    t.is(bench.traps.returnFrom('huret').to, to, `${profile} ${JSON.stringify(knobs)}`);
  }
});

test('HURET leaves SPVP as it is, or clears it', (t) => {
  for (const [huretSpvp, expected] of [
    ['kept', 1n],
    ['cleared', 0n],
  ] as const) {
    const bench = readyHandler('paper', { huretSpvp });
    bench.setFields({ 'hustatus.spv': 1n, 'hustatus.spvp': 1n });
    t.is(bench.traps.returnFrom('huret').to, 'VS');
    t.is(bench.field('hustatus.spvp'), expected);
  }
});

test('HURET pops the interrupt enable of the exit handler', (t) => {
  for (const upie of [0n, 1n]) {
    const bench = readyHandler();
    bench.setFields({ 'hustatus.upie': upie, 'hustatus.uie': 1n - upie });
    bench.traps.returnFrom('huret');
    t.is(bench.field('hustatus.uie'), upie);
    t.is(bench.field('hustatus.upie'), 1n);
  }
});

test('an exit pushes the interrupt enable of the exit handler, or a bit that is always 0', (t) => {
  for (const [upie, expected] of [
    ['hustatus', 1n],
    ['mstatus', 0n],
  ] as const) {
    const bench = readyHandler('paper', { upie });
    bench.write({ medeleg: ~0n, sedeleg: ~0n });
    bench.setFields({ 'hustatus.uie': 1n });
    bench.mode = 'VS';
    t.is(bench.traps.enter({ cause: 10, tval: 0n, gva: false, gpa: 0n, tinst: 0n }).to, 'HU');
    t.is(bench.field('hustatus.upie'), expected);
    t.is(bench.field('hustatus.uie'), 0n);
  }
});

test('an exit and HURET bring the guest back where it was', (t) => {
  for (const profile of ['paper', 'rtl', 'qemu'] as const) {
    for (const mode of ['VS', 'VU'] as const) {
      const bench = readyHandler(profile);
      bench.write({ medeleg: ~0n, sedeleg: ~0n, utvec: 0x1_0000n });
      bench.mode = mode;
      bench.state.pc = 0x8020_1234n;
      const fault = { cause: 21, tval: 0x1000_0004n, gva: true, gpa: 0x1000_0004n, tinst: 0n };
      t.like(bench.traps.enter(fault), { from: mode, to: 'HU' });
      t.is(bench.traps.mode, 'U');
      t.is(bench.state.pc, 0x1_0000n);
      t.is(bench.read('ucause'), 21n);
      t.is(bench.read('utval'), 0x1000_0004n);
      t.is(bench.read('hutval'), 0x1000_0004n >> 2n);
      t.is(bench.field('hustatus.gva'), 1n);
      t.deepEqual(bench.traps.returnFrom('huret'), { from: 'U', to: mode });
      t.is(bench.state.pc, 0x8020_1234n);
    }
  }
});

test('an exit overwrites SPVP only when it comes from a guest, or always', (t) => {
  for (const [exitSpvp, expected] of [
    ['kept', 1n],
    ['overwritten', 0n],
  ] as const) {
    const bench = readyHandler('paper', { exits: 'guest-or-user', exitSpvp });
    bench.write({ medeleg: ~0n, sedeleg: ~0n });
    bench.setFields({ 'hustatus.spvp': 1n });
    t.is(bench.traps.enter({ cause: 21, tval: 0n, gva: true, gpa: 0n, tinst: 0n }).to, 'HU');
    t.is(bench.field('hustatus.spvp'), expected);
  }
});

test('HURET is refused where it is not legal', (t) => {
  const huret = instructions.find(({ name }) => name === 'huret');
  const refused = (profile: DvProfile, hu: bigint, tsr: bigint, mode: Mode): string => {
    const bench = new CsrBench({ profile });
    bench.setFields({ 'hstatus.hu': hu, 'mstatus.tsr': tsr });
    const outcome = guardOutcome(huret?.guards[profile] ?? {}, mode, (csr, field) =>
      bench.csrs.field(csr as Csr, field),
    );
    return outcome ?? 'allowed';
  };
  const modes = ['U', 'HS', 'M', 'VS', 'VU'] as const;
  const row = (profile: DvProfile, hu: bigint, tsr = 0n): readonly string[] =>
    modes.map((mode) => refused(profile, hu, tsr, mode));
  t.deepEqual(row('paper', 1n), ['allowed', 'illegal', 'illegal', 'virtual', 'virtual']);
  t.deepEqual(row('paper', 0n), ['illegal', 'illegal', 'illegal', 'virtual', 'virtual']);
  t.deepEqual(row('none', 1n), ['illegal', 'illegal', 'illegal', 'virtual', 'virtual']);
  t.deepEqual(row('qemu', 0n), ['allowed', 'illegal', 'illegal', 'illegal', 'illegal']);
  t.deepEqual(row('rtl', 0n), ['allowed', 'allowed', 'allowed', 'virtual', 'virtual']);
  t.deepEqual(row('rtl', 0n, 1n), ['illegal', 'illegal', 'allowed', 'virtual', 'virtual']);
});
