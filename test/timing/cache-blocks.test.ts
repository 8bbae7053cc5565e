import test from 'ava';
import { engineNames } from '../harness/engines.ts';
import type { TestMachine, TestMachineOptions } from '../hw/hart/machine.ts';
import { runToBreak } from './run-to-break.ts';

// Counts follow docs/timing.md, "Cache blocks", on the caches of platforms/timing/rocket-rtl.yaml.
/** From the answers of cores, one of which had the line dirty, to that of memory: read, eight beats, the way there and back. */
const WRITTEN = 3 + 8 + 1 + 100 + 2;
const FROM_MEMORY = 120;

/** A FENCE lets nothing behind it access memory before all is done, and an access that waits is waited for by its user. */
const settle = 'fence\nld a4, 512(a1)\nadd a4, a4, a4';

/** Cycles between two reads of the counter around some code that is in the caches, and what is in `a2` behind it. */
function around(before: string, body: string, options: TestMachineOptions = {}) {
  const text = `
      li s1, 4
      j 1f
      .balign 64
    1: addi a3, s1, 100
      ${before}
      ${settle}
      csrr s2, mcycle
      ${body}
      ${settle}
      csrr s3, mcycle
      sub a0, s3, s2
      addi s1, s1, -1
      bnez s1, 1b`;
  let machine: TestMachine | undefined;
  runToBreak(text, { inStages: true, ...options }, (made) => (machine = made));
  const { x } = machine?.hart.state ?? { x: [] };
  return { cycles: Number(x[10] ?? -1n), loaded: Number(x[12] ?? -1n) };
}

const flushed = 'cbo.flush (a1)';

for (const engine of engineNames) {
  const options = { engine };
  test(`${engine}: what computes behind a CBO goes on, and accesses behind a FENCE wait for it`, (t) => {
    const absent = around(flushed, flushed, options).cycles;
    const dirty = (body: string): number => around('sd a3, (a1)', body, options).cycles;
    t.is(dirty(flushed), absent + 9 + WRITTEN);
    t.is(dirty('cbo.inval (a1)'), absent + 9 + WRITTEN);
    t.is(dirty('cbo.clean (a1)'), absent + 9 + WRITTEN);
    t.is(dirty(`${flushed}\n${'nop\n'.repeat(20)}`), absent + 9 + WRITTEN, 'in the meantime');
  });

  test(`${engine}: a load behind a flush comes from memory, behind a clean from the cache, with what was stored`, (t) => {
    const load = 'ld a2, (a1)\nadd a5, a2, a2';
    const hit = around(load, load, options).cycles;
    const behindFlush = around(`sd a3, (a1)\n${flushed}`, load, options);
    t.deepEqual(behindFlush, { cycles: hit + FROM_MEMORY, loaded: 101 });
    const behindClean = around('sd a3, (a1)\ncbo.clean (a1)', load, options);
    t.deepEqual(behindClean, { cycles: hit, loaded: 101 });
  });

  test(`${engine}: CBO.ZERO takes the line to write, as a store does`, (t) => {
    const zero = around(flushed, 'cbo.zero (a1)', options).cycles;
    t.is(zero, around(flushed, 'sd x0, (a1)', options).cycles);
    const load = around('sd a3, 8(a1)', 'cbo.zero (a1)\nld a2, 8(a1)', options);
    t.is(load.loaded, 0);
  });

  test(`${engine}: a CBO behind another waits for its answer`, (t) => {
    const one = around('sd a3, (a1)', flushed, options).cycles;
    const two = around('sd a3, (a1)', `${flushed}\ncbo.flush (a1)`, options).cycles;
    t.true(two > one, `${String(two)} and ${String(one)}`);
    t.true(two < one + 40);
  });
}

test('prefetches take the time of ORI and bring no line, as in Rocket, which knows them as ORI', (t) => {
  for (const hint of ['prefetch.r 0(a1)', 'prefetch.w 0(a1)', 'prefetch.i 0(a1)']) {
    const load = 'nop\nld a2, (a1)';
    const without = around(flushed, load).cycles;
    t.is(around(flushed, `${hint}\nld a2, (a1)`).cycles, without, hint);
  }
});
