import test from 'ava';
import fc from 'fast-check';
import { loadedWord, NO_VCPU, postedInterrupts, postedMap } from '../../../hw/dv-ext/index.ts';
import { place } from '../kernel/bench.ts';

const { windowBytes } = postedMap;
const vcpus = (vm: number): number => postedMap.vcpus + 4 * vm;
const notify = (vm: number): number => postedMap.notify + 8 * vm;
const recorded = (vm: number): number => postedMap.recorded + 8 * vm;
const loaded = (hart: number): number => postedMap.loaded + 8 * hart;
const postOf = (hart: number): number => postedMap.post + 8 * hart;
const priority = (vm: number, vector: number): number => vm * windowBytes + 4 * vector;
const enable = (vm: number, vcpu: number): number => vm * windowBytes + 0x2000 + 0x80 * vcpu;
const threshold = (vm: number, vcpu: number): number => vm * windowBytes + 0x2_0000 + 0x1000 * vcpu;
const claim = (vm: number, vcpu: number): number => threshold(vm, vcpu) + 4;

function unit(harts = 2) {
  const { bench, device } = place(postedInterrupts, { harts, vms: 4, vcpus: 4 });
  const taken = new Array<number>(harts).fill(0);
  taken.forEach((_, hart) => {
    bench.circuit.output(`device.ipi.${String(hart)}`).connect((value) => {
      if (value) taken[hart] = (taken[hart] ?? 0) + 1;
    });
  });
  let time = 0;
  return {
    /** Virtual IPIs that each hart was handed. */
    taken,
    read: (offset: number): number => Number(device.read(offset, 4)),
    write: (offset: number, value: number): boolean => device.write(offset, 4, BigInt(value)),
    run: (hart: number, vm: number, vcpu: number): void => {
      device.write(loaded(hart), 8, loadedWord(vm, vcpu));
    },
    /** Whether a hart's post was accepted. */
    post: (hart: number, vcpu: number, vector: number): boolean => {
      device.write(postOf(hart), 8, BigInt((vector << 16) | vcpu));
      return device.read(postOf(hart), 8) === 0n;
    },
    settle: (): void => {
      time += 10;
      bench.runTo(time);
    },
    level: (path: string): unknown => bench.circuit.output(`device.${path}`).value,
  };
}

test('a virtual IPI for a vCPU that runs is handed to its hart once', (t) => {
  const { write, run, post, settle, taken, read } = unit();
  write(vcpus(1), 2);
  run(0, 1, 0);
  run(1, 1, 1);
  t.true(post(0, 1, 0));
  settle();
  t.deepEqual(taken, [0, 1]);
  settle();
  t.deepEqual(taken, [0, 1]);
  t.is(read(recorded(1)), 0);
});

test('a virtual IPI for a vCPU that does not run is recorded and handed to the hart that loads it', (t) => {
  const { write, run, post, settle, taken, read } = unit();
  write(vcpus(1), 3);
  run(0, 1, 0);
  t.true(post(0, 2, 0));
  t.true(post(0, 2, 0));
  settle();
  t.deepEqual(taken, [0, 0]);
  t.is(read(recorded(1)), 0b100);
  run(1, 1, 2);
  settle();
  t.deepEqual(taken, [0, 1]);
  t.is(read(recorded(1)), 0);
});

test('posts that come one after the other are handed over one by one', (t) => {
  const { write, run, post, settle, taken } = unit();
  write(vcpus(1), 2);
  run(0, 1, 0);
  run(1, 1, 1);
  for (let count = 1; count <= 5; count += 1) {
    post(0, 1, 0);
    settle();
    t.is(taken[1], count);
  }
});

test('the writer’s VM alone decides which VM a post is for, and what is not there is refused', (t) => {
  const { write, run, post, settle, taken, read } = unit(3);
  write(vcpus(1), 2);
  write(vcpus(2), 2);
  run(0, 1, 0);
  run(1, 2, 1);
  run(2, 0, NO_VCPU);
  t.true(post(0, 1, 0));
  settle();
  t.deepEqual(taken, [0, 0, 0], 'the other VM’s vCPU 1 hears nothing');
  t.deepEqual([read(recorded(1)), read(recorded(2))], [0b10, 0]);
  t.false(post(0, 2, 0), 'a vCPU that the VM does not have');
  t.false(post(0, NO_VCPU, 0));
  t.false(post(0, 1, 64), 'a vector that does not exist');
  t.false(post(0, 1, 255));
  t.false(post(2, 0, 0), 'a hart without a VM');
  t.true(post(0, 1, 63));
});

test('a posted vector is claimed and completed through the window as at a PLIC', (t) => {
  const { write, run, post, settle, read, level } = unit();
  write(vcpus(1), 2);
  run(1, 1, 1);
  run(0, 1, 0);
  for (const [vector, value] of [
    [3, 1],
    [40, 5],
    [41, 5],
  ] as const) {
    write(priority(1, vector), value);
  }
  write(enable(1, 1), 1 << 3);
  write(enable(1, 1) + 4, (1 << (40 - 32)) | (1 << (41 - 32)));
  for (const vector of [3, 41, 40]) t.true(post(0, 1, vector));
  settle();
  t.deepEqual([level('vseip.0'), level('vseip.1')], [false, true]);
  t.is(read(1 * windowBytes + 0x1000), 1 << 3);
  t.deepEqual(
    [0, 0, 0, 0].map(() => read(claim(1, 1))),
    [40, 41, 3, 0],
  );
  settle();
  t.is(level('vseip.1'), false);
  post(0, 1, 40);
  settle();
  t.is(level('vseip.1'), false, 'in service');
  write(claim(1, 1), 40);
  settle();
  t.is(level('vseip.1'), true);
  write(threshold(1, 1), 5);
  settle();
  t.is(level('vseip.1'), false, 'not above the threshold');
  t.is(read(claim(1, 1)), 40);
});

test('a window shows and reaches its own VM only', (t) => {
  const { write, read } = unit();
  write(vcpus(1), 1);
  write(vcpus(2), 1);
  write(priority(1, 7), 3);
  write(enable(1, 0), 1 << 7);
  t.deepEqual([read(priority(1, 7)), read(priority(2, 7))], [3, 0]);
  t.deepEqual([read(enable(1, 0)), read(enable(2, 0))], [1 << 7, 0]);
  t.is(read(priority(3, 7)), 0, 'a VM without vCPUs has nothing to show');
});

test('a VM id that is used again starts from nothing', (t) => {
  const { write, run, post, settle, read, taken } = unit();
  write(vcpus(1), 2);
  run(0, 1, 0);
  write(priority(1, 9), 7);
  post(0, 1, 0);
  post(0, 1, 9);
  write(vcpus(1), 0);
  t.false(post(0, 1, 0));
  write(vcpus(1), 2);
  run(1, 1, 1);
  settle();
  t.deepEqual(taken, [0, 0]);
  t.deepEqual([read(priority(1, 9)), read(recorded(1)), read(claim(1, 1))], [0, 0, 0]);
});

test('the host is told of a record for a vCPU that it asked about, and of no other', (t) => {
  const { write, run, post, settle, level, read } = unit();
  write(vcpus(1), 3);
  run(0, 1, 0);
  write(notify(1), 0b100);
  post(0, 1, 0);
  settle();
  t.is(level('notify'), false);
  post(0, 2, 0);
  settle();
  t.is(level('notify'), true);
  t.is(read(recorded(1)), 0b110);
  write(notify(1), 0);
  settle();
  t.is(level('notify'), false);
  write(notify(1) + 4, 0b100);
  settle();
  t.is(level('notify'), false, 'a virtual IPI is no vector');
  write(enable(1, 2), 1 << 5);
  write(priority(1, 5), 1);
  post(0, 2, 5);
  settle();
  t.is(level('notify'), true);
  t.is(read(recorded(1) + 4), 0b100);
});

test('whatever is posted, loaded and unloaded, each pending post is delivered once and to its own vCPU', (t) => {
  const step = fc.record({
    hart: fc.nat(2),
    act: fc.constantFrom('post', 'run', 'idle', 'settle'),
    vm: fc.integer({ min: 1, max: 2 }),
    vcpu: fc.nat(3),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { write, run, post, settle, taken, read } = unit(3);
      for (const vm of [1, 2]) write(vcpus(vm), 4);
      const where: ({ vm: number; vcpu: number } | undefined)[] = [undefined, undefined, undefined];
      const waiting = new Set<string>();
      const expected = [0, 0, 0];
      const deliver = (): void => {
        settle();
        where.forEach((at, hart) => {
          const key = at && `${String(at.vm)}.${String(at.vcpu)}`;
          if (key !== undefined && waiting.delete(key)) expected[hart] = (expected[hart] ?? 0) + 1;
        });
      };
      for (const { hart, act, vm, vcpu } of steps) {
        const at = where[hart];
        if (act === 'settle') deliver();
        else if (act === 'post' && at !== undefined) {
          t.true(post(hart, vcpu, 0));
          waiting.add(`${String(at.vm)}.${String(vcpu)}`);
        } else if (act !== 'post') {
          // A vCPU runs on one hart at a time.
          if (where.some((other) => other?.vm === vm && other.vcpu === vcpu)) continue;
          const next = act === 'run' ? { vm, vcpu } : undefined;
          where[hart] = next;
          run(hart, next?.vm ?? 0, next?.vcpu ?? NO_VCPU);
        }
      }
      deliver();
      t.deepEqual(taken, expected);
      const left = [1, 2].map((vm) => read(recorded(vm)));
      const known = [1, 2].map((vm) =>
        [0, 1, 2, 3].reduce(
          (bits, vcpu) => bits | (waiting.has(`${String(vm)}.${String(vcpu)}`) ? 1 << vcpu : 0),
          0,
        ),
      );
      t.deepEqual(left, known);
    }),
    { numRuns: 200 },
  );
});
