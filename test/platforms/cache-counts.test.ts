import test from 'ava';
import { figuresOf } from '../../cli/stats/figures.ts';
import { statsOf } from '../../cli/stats/stats-file.ts';
import { runProgram } from './machine.ts';

/** Stores to 300 lines that fall on few sets of the data cache, and reads them again. */
const stream = `
  li s0, 2
  1: li t0, 0x80100000
  li t1, 300
  2: sd t1, 0(t0)
  addi t0, t0, 256
  addi t1, t1, -1
  bnez t1, 2b
  addi s0, s0, -1
  bnez s0, 1b
  wfi
`;

for (const platform of ['rocket-rtl', 'rocket-firesim']) {
  test(`${platform}: what caches count agrees with each other`, (t) => {
    const { machine } = runProgram(stream, platform);
    const figures = new Map(figuresOf(statsOf(machine)).map(({ name, value }) => [name, value]));
    const count = (name: string): number => figures.get(name) ?? -1;
    const [fetched, misses, upgrades, writeBacks] = [
      count('hart.0.instruction-cache.misses'),
      count('hart.0.data-cache.misses'),
      count('hart.0.data-cache.upgrades'),
      count('hart.0.data-cache.write-backs'),
    ];
    t.true(misses >= 500, 'almost every store misses');
    t.true(writeBacks >= 400, 'most lines leave dirty');
    t.true(fetched > 0);
    t.is(count('l2.requests'), fetched + misses + upgrades + writeBacks);
    t.true(count('l2.misses') >= 300);
    t.true(count('l2.hits') > 0);
    t.is(count('l2.hits') + count('l2.misses') + writeBacks, count('l2.requests'));
    // An upgrade is answered in one beat, a line over 8 bytes in eight; so is a line that was given back.
    t.is(count('l2.beats'), 8 * (fetched + misses + writeBacks) + upgrades);
    if (platform === 'rocket-firesim') {
      t.is(count('memory-side-cache.reads'), count('l2.misses'));
      t.is(count('memory-side-cache.writes'), count('l2.write-backs'));
      t.true(count('ddr3.activations') <= count('ddr3.reads') + count('ddr3.writes'));
      t.true(count('ddr3.conflicts') <= count('ddr3.activations'));
    } else t.is(count('ddr3.reads'), -1);
    t.is(count('hart.0.walker.walks'), 0, 'nothing is translated');
    t.is(count('hart.0.fetch-tlb.misses') + count('hart.0.data-tlb.misses'), 0);
  });
}

test('a platform without caches counts none', (t) => {
  const { machine } = runProgram(stream, 'bare-1hart');
  t.false(figuresOf(statsOf(machine)).some(({ name }) => name.includes('misses')));
});
