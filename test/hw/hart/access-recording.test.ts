import test from 'ava';
import { Cause, type Mode } from '../../../hw/isa/index.ts';
import { Bits, Data, Scene, type SceneOptions } from './scene.ts';

const { r, w, x, u, a, d } = Bits;
const ADUE = 1n << 61n;
const VALID = 1n;
const enabled = { menvcfg: ADUE, henvcfg: ADUE } as const;

function scene(options: SceneOptions): Scene {
  return new Scene({ named: ['svadu'], csrs: enabled, ...options });
}

const accesses: readonly (readonly [text: string, recorded: bigint])[] = [
  ['ld t0, 0(a0)', a],
  ['lr.d t0, (a0)', a],
  ['sd t0, 0(a0)', a | d],
  ['amoor.d t0, t1, (a0)', a | d],
];

test('an access sets A, a store D too, in the tables of S (priv 12.3.2, Svadu)', (t) => {
  for (const [text, recorded] of accesses) {
    const place = scene({ mode: 'HS', stage1: r | w });
    t.is(place.run(text), undefined, text);
    t.is(place.leaf('host'), VALID | r | w | recorded, text);
  }
});

test('with V=1 an access records itself in both stages', (t) => {
  for (const mode of ['VS', 'VU'] satisfies Mode[]) {
    const user = mode === 'VU' ? u : 0n;
    for (const [text, recorded] of accesses) {
      const place = scene({ mode, stage1: r | w | user, stage2: r | w | u });
      t.is(place.run(text), undefined, text);
      t.is(place.leaf('guest'), VALID | r | w | user | recorded, text);
      t.is(place.leaf('stage2'), VALID | r | w | u | recorded, text);
    }
  }
});

test('a page that was read before sets D at its first store, cached translation or not', (t) => {
  const place = scene({ mode: 'VS', stage1: r | w, stage2: r | w | u });
  t.is(place.run('ld t0, 0(a0)\nsd t0, 0(a0)\nsd t0, 8(a0)'), undefined);
  t.is(place.leaf('guest') & d, d);
  t.is(place.leaf('stage2') & d, d);
});

test('an access that permissions refuse sets nothing', (t) => {
  const place = scene({ mode: 'HS', stage1: r });
  t.is(place.run('sd t0, 0(a0)')?.cause, Cause.storePageFault);
  t.is(place.leaf('host'), VALID | r);
  const user = scene({ mode: 'HS', stage1: r | w | u });
  t.is(user.run('ld t0, 0(a0)')?.cause, Cause.loadPageFault);
  t.is(user.leaf('host'), VALID | r | w | u);
});

test('without ADUE a clear A or D is a page fault (Svade)', (t) => {
  for (const named of [['svadu'], []] as const) {
    const csrs = { menvcfg: 0n, henvcfg: ADUE };
    const place = new Scene({ mode: 'HS', named, csrs, stage1: r | w });
    t.is(place.run('ld t0, 0(a0)')?.cause, Cause.loadPageFault);
    t.is(place.leaf('host'), VALID | r | w);
  }
});

test('menvcfg.ADUE is for S and stage 2, henvcfg.ADUE for the tables of the guest (priv 3.1.18, priv 18.2.5)', (t) => {
  const machineOnly = { menvcfg: ADUE, henvcfg: 0n };
  const first = scene({ mode: 'VS', csrs: machineOnly, stage1: r | w });
  t.is(first.run('ld t0, 0(a0)')?.cause, Cause.loadPageFault);
  const second = scene({ mode: 'VS', csrs: machineOnly, stage2: r | w | u });
  t.is(second.run('ld t0, 0(a0)'), undefined);
  t.is(second.leaf('stage2'), VALID | r | w | u | a);
});

test('henvcfg.ADUE is read-only zero while menvcfg.ADUE is zero (priv 3.1.18)', (t) => {
  const place = scene({ mode: 'M', csrs: { henvcfg: ~0n } });
  t.is(place.read('henvcfg'), 1n);
  t.is(scene({ mode: 'M', csrs: { menvcfg: ~0n, henvcfg: ~0n } }).read('henvcfg'), ADUE | 1n);
  t.is(new Scene({ mode: 'M', csrs: { menvcfg: ~0n } }).read('menvcfg'), 1n);
});

test('recording in a table of the guest is a store to it, which stage 2 must allow (priv 18.6.3)', (t) => {
  const place = scene({ mode: 'VS', stage1: r | w, tables: r | a });
  const tableEntry = 0x8_0000n + 2n * 4096n + (BigInt(Data.virtual) >> 12n) * 8n;
  t.deepEqual(place.run('ld t0, 8(a0)'), {
    cause: Cause.loadGuestPageFault,
    tval: BigInt(Data.virtual) + 8n,
    tval2: tableEntry >> 2n,
    tinst: 0x3020n,
    gva: true,
  });
  t.is(place.leaf('guest'), VALID | r | w);
  t.is(scene({ mode: 'VS', stage1: r | w, tables: r | w }).run('ld t0, 8(a0)'), undefined);
});

test('a fetch sets A', (t) => {
  const place = scene({ mode: 'HS', stage1: r | w | x });
  t.is(place.run(`li t0, 0x6f\nsd t0, 0(a0)\nfence.i\njr a0`), undefined);
  t.is(place.leaf('host') & a, a);
});

test('HLV and HSV record themselves in the tables of the guest', (t) => {
  const place = scene({ mode: 'HS', stage1: r | w | a | d, stage2: r | w | u });
  t.is(place.run('li t1, 0x100\ncsrs hstatus, t1\nhsv.d t0, (a0)'), undefined);
  t.is(place.leaf('stage2'), VALID | r | w | u | a | d);
});

test('an SC whose store sets D keeps its reservation until it has stored', (t) => {
  const place = scene({ mode: 'HS', stage1: r | w });
  t.is(place.run('lr.d t0, (a0)\nsc.d t1, t0, (a0)\nsd t1, 64(a0)'), undefined);
  t.is(place.data(64), 0n);
});
