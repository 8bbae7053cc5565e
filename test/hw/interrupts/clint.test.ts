import test from 'ava';
import fc from 'fast-check';
import { clint } from '../../../hw/interrupts/index.ts';
import { place } from '../kernel/bench.ts';

const mtimecmp = 0x4000;
const mtime = 0xbff8;
const allOnes = 2n ** 64n - 1n;

function twoHarts() {
  const { bench, device } = place(clint, { harts: 2 });
  const level = (path: string): unknown => bench.circuit.output(`device.${path}`).value;
  const edges: string[] = [];
  for (const path of ['msip.0', 'msip.1', 'mtip.0', 'mtip.1']) {
    bench.circuit.output(`device.${path}`).connect((value, tick) => {
      edges.push(`${path} ${value === true ? 'rises' : 'falls'} at ${String(tick)}`);
    });
  }
  return { bench, device, level, edges };
}

test('msip bit 0 raises the software interrupt of its hart one cycle later; other bits are 0', (t) => {
  const { bench, device, edges } = twoHarts();
  bench.runTo(40);
  t.true(device.write(4, 4, 0xffff_ffffn));
  t.is(device.read(4, 4), 1n);
  t.is(device.read(0, 4), 0n);
  bench.runTo(50);
  device.write(4, 4, 0xffff_fffen);
  bench.runTo(60);
  t.deepEqual(edges, ['msip.1 rises at 41', 'msip.1 falls at 51']);
});

test('mtime counts cycles of the rtc clock and costs no events', (t) => {
  const { bench, device } = twoHarts();
  bench.runTo(99);
  t.is(device.read(mtime, 8), 0n);
  bench.runTo(100);
  t.is(device.read(mtime, 8), 1n);
  bench.runTo(123_456_789);
  t.is(device.read(mtime, 8), 1_234_567n);
  t.is(device.sample('time'), 1_234_567n);
  t.is(bench.queue.eventCount, 0);
});

test('the timer interrupt is pending from the tick at which mtime reaches mtimecmp', (t) => {
  const { bench, device, edges } = twoHarts();
  device.write(mtimecmp + 8, 8, 7n);
  bench.runTo(699);
  t.deepEqual(edges, []);
  bench.runTo(1000);
  t.deepEqual(edges, ['mtip.1 rises at 700']);
  device.write(mtimecmp + 8, 8, allOnes);
  bench.runTo(2000);
  t.deepEqual(edges, ['mtip.1 rises at 700', 'mtip.1 falls at 1001']);
});

test('a mtimecmp that mtime has reached raises the interrupt one cycle after the write', (t) => {
  const { bench, device, edges } = twoHarts();
  bench.runTo(1050);
  device.write(mtimecmp, 8, 10n);
  bench.runTo(1100);
  t.deepEqual(edges, ['mtip.0 rises at 1051']);
});

test('mtimecmp is written in halves, as 32-bit software does', (t) => {
  const { bench, device, edges } = twoHarts();
  device.write(mtimecmp, 4, 0xffff_ffffn);
  device.write(mtimecmp + 4, 4, 0n);
  device.write(mtimecmp, 4, 3n);
  t.is(device.read(mtimecmp, 8), 3n);
  bench.runTo(1000);
  t.deepEqual(edges, ['mtip.0 rises at 300']);
});

test('a match that was moved does not happen at its old time', (t) => {
  const { bench, device } = twoHarts();
  device.write(mtimecmp, 8, 5n);
  bench.runTo(10);
  device.write(mtimecmp, 8, allOnes);
  bench.runTo(20);
  t.is(bench.queue.nextTime, Infinity);
});

test('mtime can be written, and the interrupts follow', (t) => {
  const { bench, device, edges } = twoHarts();
  device.write(mtimecmp, 8, 1000n);
  bench.runTo(250);
  device.write(mtime, 8, 998n);
  t.is(device.read(mtime, 8), 998n);
  bench.runTo(1000);
  t.deepEqual(edges, ['mtip.0 rises at 400']);
  device.write(mtime, 4, 0n);
  bench.runTo(1100);
  t.deepEqual(edges, ['mtip.0 rises at 400', 'mtip.0 falls at 1001']);
});

test('mtime wraps at 2^64 and the comparison is unsigned', (t) => {
  const { bench, device, edges } = twoHarts();
  device.write(mtimecmp, 8, allOnes - 1n);
  device.write(mtime, 8, allOnes - 3n);
  bench.runTo(1000);
  t.deepEqual(edges, [
    'mtip.0 rises at 200',
    'mtip.1 rises at 300',
    'mtip.0 falls at 400',
    'mtip.1 falls at 400',
  ]);
  t.is(device.read(mtime, 8), 6n);
});

test('no interrupt is pending after reset', (t) => {
  const { bench, device, level } = twoHarts();
  device.write(0, 4, 1n);
  device.write(mtimecmp, 8, 0n);
  bench.runTo(10);
  t.true(level('msip.0') === true && level('mtip.0') === true);
  device.reset();
  bench.runTo(20);
  t.true(level('msip.0') === false && level('mtip.0') === false);
  t.is(device.read(mtimecmp, 8), allOnes);
});

test('offsets without a register read 0 and ignore writes', (t) => {
  const { device } = twoHarts();
  t.is(device.read(8, 4), 0n);
  t.is(device.read(0x8000, 8), 0n);
  t.true(device.write(0xbff0, 8, 1n));
});

test('a doubleword access reaches the software interrupts of two harts', (t) => {
  const { device } = twoHarts();
  t.true(device.write(0, 8, 0x1_0000_0001n));
  t.is(device.read(0, 8), 0x1_0000_0001n);
});

test('the lines are those of a model that compares at every tick', (t) => {
  const write = fc.record({
    at: fc.nat(1500),
    hart: fc.nat(1),
    compare: fc.bigInt({ min: 0n, max: 20n }),
  });
  const anyWrites = fc.uniqueArray(write, { maxLength: 8, selector: ({ at }) => at });
  fc.assert(
    fc.property(anyWrites, (writes) => {
      const { bench, device, edges } = twoHarts();
      const compares = [allOnes, allOnes];
      const levels = [false, false];
      const expected: string[] = [];
      for (let tick = 0; tick < 2200; tick++) {
        [0, 1].forEach((hart) => {
          const isPending = BigInt(Math.floor(tick / 100)) >= (compares[hart] ?? allOnes);
          if (isPending !== levels[hart]) {
            levels[hart] = isPending;
            expected.push(
              `mtip.${String(hart)} ${isPending ? 'rises' : 'falls'} at ${String(tick)}`,
            );
          }
        });
        for (const { hart, compare } of writes.filter(({ at }) => at === tick)) {
          bench.rx.schedule(() => device.write(mtimecmp + 8 * hart, 8, compare), tick);
          compares[hart] = compare;
        }
      }
      bench.runTo(2200);
      t.deepEqual(edges, expected);
    }),
    { numRuns: 30 },
  );
});

test('options: a number of harts is needed, and at most 4095', (t) => {
  t.throws(() => clint.options?.parse({}));
  t.throws(() => clint.options?.parse({ harts: 5000 }));
  t.throws(() => clint.options?.parse({ harts: 1, hart: 2 }));
  t.is(clint.platformOptions?.['harts'], 'hartCount');
});
