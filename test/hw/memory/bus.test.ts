import test from 'ava';
import fc from 'fast-check';
import { MachineMemory, type AccessBytes, type MmioTarget } from '../../../hw/kernel/index.ts';
import { Bus, Memory, OverlapError, ram, rom } from '../../../hw/memory/index.ts';

const ramBase = 0x8000_0000;
const romBase = 0x1000;

/** A device that answers with the offset and remembers writes. */
class Echo implements MmioTarget {
  readonly name = 'echo';
  readonly size = 0x100;
  readonly latency = 'slow';
  readonly writes: string[] = [];

  read(offset: number): bigint | undefined {
    return BigInt(offset);
  }

  write(offset: number, bytes: AccessBytes, value: bigint): boolean {
    this.writes.push(`${String(bytes)} at ${String(offset)}: 0x${value.toString(16)}`);
    return true;
  }
}

function machine() {
  const memory = new MachineMemory([
    { name: 'harts', bytes: 100 },
    { name: 'boot', bytes: 0x100 },
    { name: 'dram', bytes: 0x2000 },
  ]);
  const bus = new Bus();
  const dram = new Memory(ram, {
    name: 'dram',
    base: ramBase,
    machine: memory,
    area: memory.area('dram'),
  });
  const boot = new Memory(rom, {
    name: 'boot',
    base: romBase,
    machine: memory,
    area: memory.area('boot'),
  });
  const echo = new Echo();
  bus.mapMemory(dram);
  bus.mapMemory(boot);
  bus.mapDevice(0x1000_0000, echo);
  return { bus, memory, dram, boot, echo };
}

const sizes = [1, 2, 4, 8] as const;

test('what was written is read back, at every size and alignment, little-endian', (t) => {
  const { bus, memory } = machine();
  const { offset } = memory.area('dram');
  fc.assert(
    fc.property(
      fc.nat(0x1ff8),
      fc.constantFrom(...sizes),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      (at, bytes, value) => {
        const low = BigInt.asUintN(bytes * 8, value);
        t.true(bus.write(ramBase + at, bytes, value));
        t.is(bus.read(ramBase + at, bytes), low);
        t.is(memory.bytes[offset + at], Number(low & 0xffn));
      },
    ),
  );
});

test('a window leads to the same bytes as the bus', (t) => {
  const { bus, memory } = machine();
  const window = bus.ram(ramBase + 0x123);
  t.like(window, { base: ramBase, size: 0x2000, isWritable: true, latency: 'ram' });
  bus.write(ramBase + 0x1000, 8, 0x1234n);
  t.is(memory.doublewords[((window?.offset ?? 0) + 0x1000) / 8], 0x1234n);
});

test('an access where nothing is mapped, or across the end of a region, is an access fault', (t) => {
  const { bus } = machine();
  t.is(bus.read(0x5000, 4), undefined);
  t.false(bus.write(0x5000, 4, 0n));
  t.is(bus.ram(0x5000), undefined);
  t.is(bus.latencyOf(0x5000), undefined);
  t.is(bus.read(ramBase + 0x1ffc, 8), undefined);
  t.false(bus.write(ramBase + 0x1fff, 2, 0n));
  t.is(bus.read(ramBase - 1, 2), undefined);
  t.is(bus.read(0x1000_0000 + 0xfc, 8), undefined);
});

test('addresses beyond 2^53 fault', (t) => {
  const { bus } = machine();
  t.is(bus.read(2 ** 60, 8), undefined);
  t.is(bus.read(NaN, 8), undefined);
});

test('ROM reads and refuses writes; an image can be loaded', (t) => {
  const { bus, boot } = machine();
  boot.load(romBase + 8, Uint8Array.of(1, 2, 3, 4));
  t.is(bus.read(romBase + 8, 4), 0x0403_0201n);
  t.false(bus.write(romBase + 8, 4, 0n));
  t.is(bus.read(romBase + 8, 4), 0x0403_0201n);
  t.like(bus.ram(romBase), { isWritable: false, latency: 'rom' });
});

test('a device gets offsets from its base, and as many bits as were written', (t) => {
  const { bus, echo } = machine();
  t.is(bus.read(0x1000_0010, 4), 0x10n);
  t.true(bus.write(0x1000_0008, 2, 0x12_3456n));
  t.deepEqual(echo.writes, ['2 at 8: 0x3456']);
  t.is(bus.latencyOf(0x1000_0000), 'slow');
  t.is(bus.ram(0x1000_0000), undefined);
});

test('overlapping regions are refused with both names and ranges', (t) => {
  const { bus, echo } = machine();
  const error = t.throws(
    () => {
      bus.mapDevice(ramBase + 0x1f80, echo);
    },
    { instanceOf: OverlapError },
  );
  t.is(error.message, 'echo at 0x80001f80..0x80002080 overlaps dram at 0x80000000..0x80002000');
  t.is(error.first.name, 'dram');
  t.deepEqual(
    bus.regions.map(({ name }) => name),
    ['boot', 'echo', 'dram'],
  );
});

test('regions may touch', (t) => {
  const { bus, echo } = machine();
  t.notThrows(() => {
    bus.mapDevice(ramBase + 0x2000, echo);
  });
});

test('a device over memory owns its bytes, and the windows end there', (t) => {
  const { bus, echo, dram } = machine();
  bus.overlay(ramBase + 0x1000, 8, echo, 0x40);
  t.is(bus.read(ramBase + 0x1000, 8), 0x40n);
  t.is(bus.read(ramBase + 0x1004, 4), 0x44n);
  t.is(bus.ram(ramBase + 0x1000), undefined);
  t.like(bus.ram(ramBase + 0xfff), { base: ramBase, size: 0x1000 });
  const after = bus.ram(ramBase + 0x1008);
  t.like(after, { base: ramBase + 0x1008, size: 0xff8 });
  t.is(after?.offset, dram.window.offset + 0x1008);
  bus.write(ramBase + 0x1008, 8, 7n);
  t.is(dram.copy(ramBase + 0x1008, 1)[0], 7);
  t.is(bus.read(ramBase + 0xffc, 8), undefined);
});

test('a device over the first or last bytes of a memory leaves one window', (t) => {
  const { bus, echo } = machine();
  bus.overlay(ramBase, 8, echo, 0);
  bus.overlay(ramBase + 0x1ff8, 8, echo, 8);
  t.like(bus.ram(ramBase + 8), { base: ramBase + 8, size: 0x1ff0 });
  t.is(bus.ram(ramBase), undefined);
  t.is(bus.ram(ramBase + 0x1ff8), undefined);
});

test('a device can lie only over memory, aligned to 8 bytes', (t) => {
  const { bus, echo } = machine();
  const refuses = (base: number, size: number, message: RegExp): void => {
    t.throws(
      () => {
        bus.overlay(base, size, echo, 0);
      },
      { message },
    );
  };
  refuses(0x5000, 8, /echo: there is no memory at 0x5000 to lie over/);
  refuses(0x1000_0000, 8, /there is no memory/);
  refuses(ramBase + 0x1ff8, 16, /there is no memory/);
  refuses(ramBase + 4, 8, /is not aligned to 8/);
});

test('loading and copying outside a memory are refused', (t) => {
  const { bus, dram } = machine();
  t.throws(() => dram.copy(ramBase + 0x1fff, 2), {
    message: 'dram: 0x80001fff..0x80002001 is outside',
  });
  t.is(bus.memoryAt(ramBase + 0x1fff, 2), undefined);
  t.is(bus.memoryAt(ramBase, 0x2000), dram);
});

test('writes to memory through the bus are announced after they were made', (t) => {
  const { bus } = machine();
  const seen: string[] = [];
  bus.listenToWrites((address, bytes) => {
    seen.push(`${String(bytes)} at ${address.toString(16)}: ${String(bus.read(address, bytes))}`);
  });
  bus.write(ramBase + 8, 4, 5n);
  bus.write(romBase, 4, 5n);
  bus.write(0x1000_0000, 4, 5n);
  t.deepEqual(seen, ['4 at 80000008: 5']);
});
