import test from 'ava';
import { assemble } from '../../hw/isa/index.ts';
import { bootBare, loadPlatform, run } from '../../platforms/index.ts';
import { inProject } from '../harness/project-root.ts';

// Counts follow docs/timing.md, "Caches", for the pipeline and memory of platforms/rocket-rtl.yaml.
const platform = inProject('platforms', 'rocket-rtl.yaml');
const end = 'li t6, 0x54000000\nsd x0, 0x50(t6)\nj .\n';

interface Misses {
  readonly data: number;
  readonly fetch: number;
  readonly walk: number;
}

/** Runs assembly text from a cold start: the cycles that it waits for each of the caches, and for the walker. */
function missesOf(text: string, set: readonly string[] = []): Misses {
  const { bytes } = assemble(`${text}\n${end}`, { base: 0x8000_0000n });
  const { machine } = bootBare(loadPlatform(platform, { set }), { name: 'text', bytes }, [0n]);
  const steps = run(machine, { cycles: 100_000 });
  while (steps.next().done !== true);
  const [hart] = machine.harts;
  if (hart === undefined) throw new Error('no hart');
  const { account } = hart;
  return {
    data: account.cyclesOf('data-cache'),
    fetch: account.cyclesOf('instruction-cache'),
    walk: account.cyclesOf('walk-stage-1'),
  };
}

test('a program of one line is fetched once', (t) => {
  t.deepEqual(missesOf('nop'), { data: 0, fetch: 120, walk: 0 });
});

test('the line behind it begins anew', (t) => {
  t.is(missesOf('nop\n'.repeat(16)).fetch, 120 + 125);
});

test('a load waits for memory once', (t) => {
  t.is(missesOf('li t0, 0x81000040\nld t1, 0(t0)\nld t2, 8(t0)').data, 120);
});

test('an atomic instruction takes the line to write', (t) => {
  t.is(missesOf('li t0, 0x81000040\namoadd.d t1, x0, (t0)\nsd x0, 0(t0)').data, 120);
});

test('a load through a table of 1 GiB waits for the entry and for its line', (t) => {
  const { walk, data } = missesOf(`
    li t0, -1
    csrw pmpaddr0, t0
    li t0, 0x1f
    csrw pmpcfg0, t0
    li t0, 0x81001000
    li t1, 0x200000cf
    sd t1, 16(t0)
    li t2, 0x8000000000081001
    csrw satp, t2
    li t3, 0x20800
    csrs mstatus, t3
    li t5, 0x1000
    csrc mstatus, t5
    ld t4, 64(t0)
    csrc mstatus, t3
  `);
  // The store has brought the table into the data cache.
  t.is(walk, 9);
  t.is(data, 240);
});

const withBlocks = ['harts.pipeline=rules', 'harts.isa=rv64imafdc_zicsr_zifencei_zicbom_zicboz'];

test('rules: a CBO waits until memory has the line, which comes from there again', (t) => {
  const store = 'li t0, 0x81000040\nsd t0, 0(t0)';
  const { data } = missesOf(`${store}\ncbo.flush (t0)\nld t1, 0(t0)`, withBlocks);
  // The store misses; the L2 is asked (3), takes the line (9), writes it (3 + 8 + 1 + 100 + 2) and answers (3); the load misses.
  t.is(data, 120 + 3 + 9 + 114 + 3 + 120);
  t.is(missesOf(`${store}\ncbo.clean (t0)\nld t1, 0(t0)`, withBlocks).data, 120 + 129);
});
