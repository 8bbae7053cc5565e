import test from 'ava';
import { Ddr3Memory } from '../../../../hw/timing/memory/ddr3-memory.ts';
import type { Ddr3Parameters } from '../../../../hw/timing/memory/ddr3-parameters.ts';
import { FixedLatencyMemory } from '../../../../hw/timing/memory/fixed-latency-memory.ts';
import type { MainMemory } from '../../../../hw/timing/memory/main-memory.ts';
import { MemorySideCache } from '../../../../hw/timing/memory/memory-side-cache.ts';
import { SlowerMemory } from '../../../../hw/timing/memory/slower-memory.ts';
import { StateArea } from '../../../../hw/timing/memory/state-area.ts';
import { firesimMemory } from './rocket.ts';

// Counts follow docs/timing.md, "Caches", with the timings of platforms/timing/rocket-firesim.yaml: tRCD, tRP and tCAS are 14
// cycles, tRAS 33, tCCD 4, tCWD 10, tWTR 8, and data takes 2 more to the bus.
const LINE = 64;
const ROW = 8192 / LINE;
const BANKS = 8;
const NOW = 1000;

function parameters(): Ddr3Parameters {
  const { backEnd } = firesimMemory();
  if (backEnd.kind !== 'ddr3') throw new Error('rocket-firesim has no DDR3');
  return backEnd.parameters;
}

const chips = (): Ddr3Memory => new Ddr3Memory(parameters(), new StateArea());

test('a row is opened for the first read, and open for the next', (t) => {
  const memory = chips();
  t.is(memory.read(0, NOW), NOW + 14 + 14 + 2);
  t.is(memory.read(1, NOW + 100), NOW + 100 + 14 + 2);
});

test('another row of the bank closes it first', (t) => {
  const memory = chips();
  memory.read(0, NOW);
  t.is(memory.read(BANKS * ROW, NOW + 100), NOW + 100 + 14 + 14 + 14 + 2);
});

test('and not before tRAS is over', (t) => {
  const memory = chips();
  memory.read(0, NOW);
  t.is(memory.read(BANKS * ROW, NOW + 20), NOW + 33 + 14 + 14 + 14 + 2);
});

test('another bank has a row of its own', (t) => {
  const memory = chips();
  memory.read(0, NOW);
  t.is(memory.read(ROW, NOW + 100), NOW + 100 + 14 + 14 + 2);
  t.is(memory.read(0, NOW + 200), NOW + 200 + 14 + 2);
});

test('a read behind a write of the row waits for the bus to turn', (t) => {
  const memory = chips();
  memory.write(0, NOW);
  t.is(memory.read(1, NOW), NOW + 14 + 10 + 4 + 8 + 14 + 2);
});

test('a read of the open row goes before an older write of another', (t) => {
  const memory = chips();
  memory.read(0, NOW);
  memory.write(BANKS * ROW, NOW + 100);
  t.is(memory.read(1, NOW + 100), NOW + 100 + 14 + 2);
});

test('a refresh closes the bank, and holds it for tRFC', (t) => {
  const memory = chips();
  memory.read(0, 7700);
  t.is(memory.read(1, 7800), 7800 + 14 + 160 + 14 + 14 + 2);
});

test('refreshes of a long time without requests are made up for by one', (t) => {
  const memory = chips();
  const due = 7800 + 1_000_000 * 7801;
  memory.read(0, NOW);
  t.is(memory.read(0, due - 100), due - 100 + 14 + 14 + 2);
});

/** Memory that notes which lines were read and written. */
function listening(): { readonly memory: MainMemory; readonly calls: string[] } {
  const calls: string[] = [];
  const fixed = new FixedLatencyMemory(50);
  const note = (what: string, line: number): void => {
    calls.push(`${what} ${String(line)}`);
  };
  const memory = {
    beat: 1,
    read: (line: number, time: number) => {
      note('read', line);
      return fixed.read(line, time);
    },
    write: (line: number, time: number) => {
      note('write', line);
      return fixed.write(line, time);
    },
  };
  return { memory, calls };
}

test('the cache of the controller brings two lines at a time', (t) => {
  const { memory, calls } = listening();
  const cache = new MemorySideCache(parameters(), memory, new StateArea());
  t.is(cache.read(0, NOW), NOW + 2 + 1 + 50);
  t.is(cache.read(1, NOW + 100), NOW + 100 + 2);
  t.deepEqual(calls, ['read 0']);
});

test('it fetches what a write leaves of its line, and writes dirty lines back', (t) => {
  const { memory, calls } = listening();
  const small = { ...parameters(), cacheSets: 1, cacheWays: 1 };
  const cache = new MemorySideCache(small, memory, new StateArea());
  cache.write(1, NOW);
  cache.read(4, NOW + 1000);
  t.deepEqual(calls, ['read 0', 'write 0', 'read 4']);
});

test('a slower clock is waited for in both directions', (t) => {
  const memory = new SlowerMemory(new FixedLatencyMemory(10), 3.2);
  // The edge at 313 × 3.2, ten cycles, and the next of the core.
  t.is(memory.read(0, 1000), Math.ceil(323 * 3.2));
  t.is(memory.beat, 3.2);
});

test('the chips count what they are asked for, and the rows that they open and close for it', (t) => {
  const memory = chips();
  const countsOf = (...names: string[]): number[] => names.map((name) => memory.counts.of(name));
  memory.read(0, NOW);
  memory.read(1, NOW + 100);
  memory.read(ROW, NOW + 200);
  memory.read(BANKS * ROW, NOW + 300);
  // Two banks had no row open, and the first had another one at the end; the second read found its row.
  t.deepEqual(countsOf('reads', 'writes', 'activations', 'conflicts'), [4, 0, 3, 1]);
  t.is(memory.counts.of('refreshes'), 0);
  // The interval, 7800 cycles and one, has begun three times by then.
  memory.read(0, 25_000);
  t.is(memory.counts.of('refreshes'), 3);
});

test('the cache of the controller counts hits by halves of its lines, and what it writes back', (t) => {
  const cache = new MemorySideCache(parameters(), new FixedLatencyMemory(0), new StateArea());
  cache.read(0, NOW);
  cache.read(1, NOW + 100);
  cache.write(1, NOW + 200);
  t.is(cache.counts.of('reads'), 2);
  t.is(cache.counts.of('writes'), 1);
  t.is(cache.counts.of('misses'), 1);
  t.is(cache.counts.of('write-backs'), 0);
});
