import test from 'ava';
import type { Mode } from '../../../hw/isa/index.ts';
import { CsrBench } from './csr-bench.ts';

const STIMECMP = 0x14d;
const VSTIMECMP = 0x24d;
const STIP = 1n << 5n;
const VSTIP = 1n << 6n;
const STCE = 1n << 63n;
const TM = 2n;

function benchWith(values: Readonly<Record<string, bigint>> = {}): CsrBench {
  const bench = new CsrBench({ profile: 'none', features: { named: new Set(['sstc']) } });
  bench.write(values);
  return bench;
}

const open = { mcounteren: TM, menvcfg: STCE, hcounteren: TM, henvcfg: STCE };

/** How an access is refused in each mode: I for illegal, V for virtual instruction, a dot where it is allowed. */
function refusals(bench: CsrBench, address: number): string {
  return (['M', 'HS', 'U', 'VS', 'VU'] satisfies Mode[])
    .map((mode) => {
      bench.mode = mode;
      const refusal = bench.csrs.refusal(address, mode, true);
      return refusal === undefined ? '.' : refusal.charAt(0).toUpperCase();
    })
    .join('');
}

test('stimecmp and vstimecmp need mcounteren.TM and menvcfg.STCE below M, else illegal instruction (priv 3.1.11, 3.1.18)', (t) => {
  t.is(refusals(benchWith(open), STIMECMP), '..I.V');
  t.is(refusals(benchWith(open), VSTIMECMP), '..IVV');
  for (const closed of [{ mcounteren: 0n }, { menvcfg: 0n }]) {
    for (const address of [STIMECMP, VSTIMECMP]) {
      t.is(refusals(benchWith({ ...open, ...closed }), address), '.IIII');
    }
  }
});

test('in VS stimecmp needs hcounteren.TM and henvcfg.STCE too, else virtual instruction (priv 18.2.5, 18.2.6)', (t) => {
  for (const closed of [{ hcounteren: 0n }, { henvcfg: 0n }]) {
    const bench = benchWith({ ...open, ...closed });
    t.is(refusals(bench, STIMECMP), '..IVV');
    t.is(refusals(bench, VSTIMECMP), '..IVV');
  }
});

test('henvcfg.STCE is read-only zero while menvcfg.STCE is zero (priv 3.1.18)', (t) => {
  const bench = benchWith({ henvcfg: ~0n });
  t.is(bench.read('henvcfg'), 1n);
  bench.write({ menvcfg: STCE, henvcfg: ~0n });
  t.is(bench.read('henvcfg'), STCE | 1n);
  bench.write({ menvcfg: 0n });
  t.is(bench.read('henvcfg'), 1n);
});

test('with V=1 stimecmp is vstimecmp', (t) => {
  const bench = benchWith(open);
  bench.mode = 'HS';
  bench.access(STIMECMP, 'write', 100n);
  bench.mode = 'VS';
  bench.access(STIMECMP, 'write', 200n);
  t.deepEqual([bench.read('stimecmp'), bench.read('vstimecmp')], [100n, 200n]);
});

test('STIP is read-only and tells whether time has reached stimecmp (priv 3.1.9)', (t) => {
  const bench = benchWith({ ...open, henvcfg: 0n, stimecmp: 1000n, mideleg: ~0n });
  bench.time = 999n;
  bench.write({ mip: STIP });
  t.is(bench.read('mip') & STIP, 0n);
  bench.time = 1000n;
  bench.write({ mip: 0n });
  t.is(bench.read('mip') & STIP, STIP);
  t.is(bench.read('sip') & STIP, STIP);
  bench.write({ stimecmp: 1001n });
  t.is(bench.read('sip') & STIP, 0n);
});

test('the comparison is one of unsigned numbers', (t) => {
  const bench = benchWith({ ...open, stimecmp: 1n << 63n });
  bench.time = 5n;
  t.is(bench.read('mip') & STIP, 0n);
});

test('without menvcfg.STCE STIP is what M wrote (priv 3.1.18)', (t) => {
  const bench = benchWith({ stimecmp: 0n });
  t.is(bench.read('mip') & STIP, 0n);
  bench.write({ mip: STIP });
  t.is(bench.read('mip') & STIP, STIP);
});

test('VSTIP is hvip.VSTIP or guest time having reached vstimecmp (priv 18.2.3)', (t) => {
  const bench = benchWith({ ...open, htimedelta: -400n, vstimecmp: 600n });
  bench.time = 999n;
  t.is(bench.read('hip') & VSTIP, 0n);
  bench.write({ hvip: VSTIP });
  t.is(bench.read('hip') & VSTIP, VSTIP);
  bench.write({ hvip: 0n });
  bench.time = 1000n;
  t.is(bench.read('hip') & VSTIP, VSTIP);
  t.is(bench.read('hvip') & VSTIP, 0n, 'hvip shows what the hypervisor injects');
  bench.write({ hideleg: ~0n });
  t.is(bench.read('vsip'), STIP, 'the guest sees it as STIP');
  bench.write({ henvcfg: 0n });
  t.is(bench.read('hip') & VSTIP, 0n, 'henvcfg.STCE');
  bench.write({ henvcfg: STCE, menvcfg: 0n });
  t.is(bench.read('hip') & VSTIP, 0n, 'menvcfg.STCE');
});

test('a hart without Sstc has neither register nor enables', (t) => {
  const bench = new CsrBench({ profile: 'none' });
  bench.write({ menvcfg: ~0n, henvcfg: ~0n, mcounteren: ~0n });
  t.deepEqual([bench.read('menvcfg'), bench.read('henvcfg')], [1n, 1n]);
  for (const address of [STIMECMP, VSTIMECMP]) t.is(refusals(bench, address), 'IIIII');
});

test('beside DV-Ext the compare register of the guest timer is vstimecmp (duvisor 5)', (t) => {
  for (const set of ['exit', 'direct'] as const) {
    const bench = new CsrBench({
      knobs: { vtimer: { set } },
      features: { named: new Set(['sstc']) },
    });
    bench.write({ ...open, vtimecmp: 500n });
    t.is(bench.read('vstimecmp'), 500n);
    t.is(refusals(bench, STIMECMP), '..I.V', 'STCE decides, not vtimectl');
    bench.time = 500n;
    t.is(bench.read('hip') & VSTIP, VSTIP);
    bench.write({ henvcfg: 0n, vtimectl: 1n });
    t.is(bench.read('hip') & VSTIP, VSTIP, 'either enable raises it');
    bench.write({ vtimectl: 0n });
    t.is(bench.read('hip') & VSTIP, 0n);
  }
});
