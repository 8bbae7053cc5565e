import test from 'ava';
import fc from 'fast-check';
import { dvClint } from '../../../hw/interrupts/index.ts';
import { place } from '../kernel/bench.ts';

const vtimecmp = 0x1000;
const vtimectl = 0x1800;
const vipi = 0x5000;
const vcpuid = 0x5800;

function twoHarts() {
  const { bench, device } = place(dvClint, { harts: 2 });
  const level = (path: string): unknown => bench.circuit.output(`device.${path}`).value;
  return { bench, device, level };
}

test('no line is high after reset, and the registers read as they are', (t) => {
  const { bench, device, level } = twoHarts();
  bench.runTo(1_000);
  for (const path of ['msip', 'mtip', 'utip', 'vssip']) t.false(level(`${path}.0`));
  t.is(device.read(vtimecmp, 8), 2n ** 64n - 1n);
  t.is(device.read(vtimectl, 8), 0n);
  t.is(device.read(vcpuid + 8, 8), 0n);
});

test('the guest timer is high from the tick at which mtime reaches vtimecmp, while vtimectl enables it', (t) => {
  const { bench, device, level } = twoHarts();
  const rises: number[] = [];
  bench.circuit.output('device.utip.1').connect((value, tick) => {
    if (value === true) rises.push(tick);
  });
  device.write(vtimecmp + 8, 8, 7n);
  device.write(vtimectl + 8, 8, 1n);
  bench.runTo(1_000);
  t.deepEqual(rises, [700]);
  t.false(level('utip.0'));
  device.write(vtimectl + 8, 8, 0n);
  bench.runTo(1_010);
  t.false(level('utip.1'));
  device.write(vtimectl + 8, 8, 1n);
  bench.runTo(1_020);
  t.true(level('utip.1'), 'a level: what has expired is high again');
  device.write(vtimecmp + 8, 8, 500n);
  bench.runTo(1_030);
  t.false(level('utip.1'));
});

test('a guest timer that does not run costs no events', (t) => {
  const { bench, device } = twoHarts();
  device.write(vtimecmp, 8, 7n);
  bench.runTo(10);
  const before = bench.queue.eventCount;
  bench.runTo(2_000);
  t.is(bench.queue.eventCount, before);
});

test('a virtual IPI of an id stays pending until a hart runs the id, and interrupts all that do', (t) => {
  const { bench, device, level } = twoHarts();
  device.write(vipi + 16, 8, 1n << 5n);
  bench.runTo(10);
  t.false(level('vssip.0'));
  device.write(vcpuid, 8, 133n);
  bench.runTo(20);
  t.true(level('vssip.0'));
  t.false(level('vssip.1'));
  device.write(vcpuid + 8, 8, 133n);
  bench.runTo(30);
  t.true(level('vssip.1'));
  device.write(vipi + 16, 8, 0n);
  bench.runTo(40);
  t.false(level('vssip.0'));
  t.false(level('vssip.1'));
});

test('vcpuid keeps 8 bits', (t) => {
  const { device } = twoHarts();
  device.write(vcpuid, 8, 0x1_23n);
  t.is(device.read(vcpuid, 8), 0x23n);
});

test('the lines are what the array and the ids say, whatever was written in which order', (t) => {
  const id = fc.nat({ max: 255 });
  const write = fc.oneof(
    fc.record({ kind: fc.constant('run' as const), hart: fc.nat({ max: 1 }), id }),
    fc.record({ kind: fc.constant('post' as const), hart: fc.constant(0), id }),
    fc.record({ kind: fc.constant('clear' as const), hart: fc.constant(0), id }),
  );
  const holds = fc.property(fc.array(write, { maxLength: 20 }), (writes) => {
    const { bench, device, level } = twoHarts();
    const pending = new Set<number>();
    const running = [0, 0];
    for (const [index, each] of writes.entries()) {
      const place = vipi + 8 * Math.floor(each.id / 64);
      const bit = 1n << BigInt(each.id % 64);
      const old = device.read(place, 8) ?? 0n;
      if (each.kind === 'run') {
        running[each.hart] = each.id;
        device.write(vcpuid + 8 * each.hart, 8, BigInt(each.id));
      } else if (each.kind === 'post') {
        pending.add(each.id);
        device.write(place, 8, old | bit);
      } else {
        pending.delete(each.id);
        device.write(place, 8, old & ~bit);
      }
      bench.runTo(10 * (index + 1));
      for (const [hart, runs] of running.entries()) {
        if (level(`vssip.${String(hart)}`) !== pending.has(runs)) return false;
      }
    }
    return true;
  });
  t.notThrows(() => {
    fc.assert(holds, { numRuns: 200 });
  });
});
