import test from 'ava';
import fc from 'fast-check';
import { EventHeap, type Event } from '../../../hw/kernel/index.ts';

interface ModelEvent {
  readonly time: number;
  readonly priority: number;
  readonly label: number;
}

const operation = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('insert' as const),
      time: fc.nat(20),
      priority: fc.nat(2),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('take' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: fc.nat() }) },
);

test('events come by time, then priority, then order of making, as in a sorted list', (t) => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 400 }), (operations) => {
      const heap = new EventHeap();
      const model: ModelEvent[] = [];
      const made: { event: Event; label: number }[] = [];
      let taken = -1;
      operations.forEach((step, label) => {
        if (step.do === 'insert') {
          const { time, priority } = step;
          const event = heap.insert(time, priority, () => {
            taken = label;
          });
          made.push({ event, label });
          model.push({ time, priority, label });
          model.sort((a, b) => a.time - b.time || a.priority - b.priority || a.label - b.label);
        } else if (step.do === 'take') {
          taken = -1;
          heap.take()?.();
          t.is(taken, model.shift()?.label ?? -1);
        } else {
          const victim = made[step.which % Math.max(1, made.length)];
          if (victim !== undefined) {
            heap.cancel(victim.event);
            const index = model.findIndex((event) => event.label === victim.label);
            if (index >= 0) {
              model.splice(index, 1);
            }
          }
        }
        t.is(heap.size, model.length);
        t.is(heap.nextTime, model[0]?.time ?? Infinity);
      });
    }),
    { numRuns: 60 },
  );
});

test('cancelled events in the majority are swept out and the order stays', (t) => {
  const heap = new EventHeap();
  const order: number[] = [];
  const events = Array.from({ length: 1000 }, (_, index) =>
    heap.insert((index * 7919) % 1000, 0, () => order.push((index * 7919) % 1000)),
  );
  events
    .filter((_, index) => index % 4 !== 0)
    .forEach((event) => {
      heap.cancel(event);
    });
  t.is(heap.size, 250);
  while (heap.size > 0) {
    heap.take()?.();
  }
  t.deepEqual(
    order,
    order.toSorted((a, b) => a - b),
  );
  t.is(order.length, 250);
});

test('cancelling an event twice, or after it happened, does nothing', (t) => {
  const heap = new EventHeap();
  const first = heap.insert(1, 0, () => undefined);
  heap.insert(2, 0, () => undefined);
  heap.take();
  heap.cancel(first);
  heap.cancel(first);
  t.is(heap.size, 1);
});
