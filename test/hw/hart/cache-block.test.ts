import test from 'ava';
import { Cause, type Mode } from '../../../hw/isa/index.ts';
import { Bits, Data, Scene, type SceneOptions } from './scene.ts';

const { r, w, x, u, a, d } = Bits;
const enabled = { menvcfg: 0xf0n, henvcfg: 0xf0n, senvcfg: 0xf0n } as const;
const named = ['zicbom', 'zicboz'] as const;
const managing = ['cbo.inval (a0)', 'cbo.clean (a0)', 'cbo.flush (a0)'] as const;

function scene(options: SceneOptions): Scene {
  return new Scene({ named, ...options, csrs: { ...enabled, ...options.csrs } });
}

test('CBO.ZERO stores zeros to the whole block that its address is in, and nothing else (unpriv 19)', (t) => {
  for (const mode of ['M', 'HS', 'U', 'VS', 'VU'] satisfies Mode[]) {
    const place = scene({ mode });
    const fill = Array.from({ length: 24 }, (_, index) => `sd t0, ${String(index * 8)}(a0)`);
    t.is(place.run(`li t0, -1\n${fill.join('\n')}\naddi a0, a0, 77\ncbo.zero (a0)`), undefined);
    const words = Array.from({ length: 24 }, (_, index) => place.data(index * 8) === 0n);
    t.deepEqual(
      words.map((isZero, index) => isZero === (index >= 8 && index < 16)),
      words.map(() => true),
      mode,
    );
  }
});

test('an address inside a block is not misaligned; a fault reports it as rs1 has it (unpriv 19)', (t) => {
  for (const text of ['cbo.zero (a0)', ...managing]) {
    const report = scene({ mode: 'HS', stage1: r | a }).run(`addi a0, a0, 13\n${text}`);
    if (text === 'cbo.zero (a0)') {
      t.like(report, { cause: Cause.storePageFault, tval: BigInt(Data.virtual) + 13n });
    } else t.is(report, undefined, 'management needs no write permission');
  }
});

test('CBO.ZERO needs what a store needs: W, D in both stages (unpriv 19)', (t) => {
  const cause = (options: SceneOptions) => scene(options).run('cbo.zero (a0)')?.cause;
  t.is(cause({ mode: 'HS', stage1: r | w | a }), Cause.storePageFault);
  t.is(cause({ mode: 'VS', stage1: r | w | a }), Cause.storePageFault);
  t.is(cause({ mode: 'VS', stage2: r | w | u | a }), Cause.storeGuestPageFault);
  t.is(cause({ mode: 'VS', stage2: r | u | a | d }), Cause.storeGuestPageFault);
  t.is(cause({ mode: 'U', stage1: r | w | a | d }), Cause.storePageFault, 'U bit');
});

test('management is allowed where a load or a store is, whatever D; its faults are those of stores (unpriv 19)', (t) => {
  for (const text of managing) {
    const cause = (options: SceneOptions) => scene(options).run(text)?.cause;
    t.is(cause({ mode: 'HS', stage1: r | a }), undefined);
    t.is(cause({ mode: 'HS', stage1: r | w | a }), undefined);
    t.is(cause({ mode: 'HS', stage1: r | w | d }), Cause.storePageFault, 'A');
    t.is(cause({ mode: 'HS', stage1: x | a }), Cause.storePageFault);
    t.is(cause({ mode: 'HS', stage1: x | a, csrs: { sstatus: 1n << 19n } }), undefined, 'MXR');
    t.is(cause({ mode: 'VS', stage2: r | u | a }), undefined);
    t.is(cause({ mode: 'VS', stage2: x | u | a }), Cause.storeGuestPageFault);
  }
});

test('protection must let the access at the whole block; a refusal is a store access fault (unpriv 19, priv 3.7.1)', (t) => {
  for (const text of ['cbo.zero (a0)', ...managing]) {
    const causeWith = (permissions: bigint, bytes: number): number | undefined => {
      const place = scene({ mode: 'HS' });
      place.protect(Data.physical + (bytes === 32 ? 32 : 0), bytes, permissions);
      return place.run(text)?.cause;
    };
    t.is(causeWith(0n, 64), Cause.storeAccessFault);
    t.is(causeWith(0n, 32), Cause.storeAccessFault, 'another half of the block');
    t.is(causeWith(1n, 64), text === 'cbo.zero (a0)' ? Cause.storeAccessFault : undefined);
    t.is(causeWith(3n, 64), undefined);
  }
});

test('CBO.ZERO of a device and any CBO of nothing are store access faults', (t) => {
  const cause = (text: string, address: string) =>
    scene({ mode: 'M' }).run(`li a0, ${address}\n${text}`)?.cause;
  t.is(cause('cbo.zero (a0)', 'FINISHER'), Cause.storeAccessFault);
  t.is(cause('cbo.flush (a0)', 'FINISHER'), undefined);
  t.is(cause('cbo.flush (a0)', '0x4000_0000'), Cause.storeAccessFault);
});

test('a guest-page fault reports the guest physical address and the operation without rs1 (unpriv 19, priv 18.6.3)', (t) => {
  const place = scene({
    mode: 'VS',
    profile: 'paper',
    knobs: { tinst: 'on', pmc: { kind: 'none' } },
    stage2: u | a | d | x,
  });
  t.deepEqual(place.run('addi a0, a0, 65\ncbo.clean (a0)'), {
    cause: Cause.storeGuestPageFault,
    tval: BigInt(Data.virtual + 65),
    tval2: BigInt(Data.guest + 65) >> 2n,
    tinst: 0x0010_200fn,
    gva: true,
  });
});

test('CBO.ZERO ends a reservation of its block, as a store does', (t) => {
  const place = scene({ mode: 'M', csrs: {} });
  t.is(place.run('lr.d t0, (a0)\ncbo.zero (a0)\nsc.d t1, a0, (a0)\nsd t1, 128(a0)'), undefined);
  t.is(place.data(128), 1n);
});

test('CBIE, CBCFE and CBZE exist where their extensions do, and CBIE keeps its value when 2 is written (priv 3.1.18)', (t) => {
  for (const name of ['menvcfg', 'senvcfg', 'henvcfg']) {
    const writes = (has: SceneOptions['named'], value: bigint): bigint => {
      const place = new Scene({ mode: 'M', named: has ?? [], csrs: { [name]: value } });
      return place.read(name);
    };
    t.is(writes([], ~0n), 1n, name);
    t.is(writes(['zicbom'], ~0n), 0x71n, name);
    t.is(writes(['zicboz'], ~0n), 0x81n, name);
    t.is(writes(['zicbom'], 0x20n), 0n, name);
    t.is(writes(['zicbom'], 0x10n), 0x10n, name);
  }
});
