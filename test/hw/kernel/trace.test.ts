import test from 'ava';
import { merge } from 'rxjs';
import { clint } from '../../../hw/interrupts/index.ts';
import { Bench } from './bench.ts';

function ring(isObserved: boolean): { log: unknown[]; state: unknown } {
  const bench = new Bench();
  const device = bench.circuit.add('clint', clint, { harts: 1 });
  const log: unknown[] = [];
  if (isObserved) {
    const { state$, signal$, access$ } = bench.circuit.trace;
    merge<unknown[]>(state$, signal$, access$).subscribe((record) => log.push(record));
  }
  bench.circuit.start();
  bench.runTo(10);
  device.write(0, 4, 1n);
  bench.runTo(20);
  device.read(0, 4);
  return { log, state: device.state };
}

test('observers see accesses, state changes as patches, and settled signals', (t) => {
  t.deepEqual(ring(true).log, [
    { tick: 10, component: 'clint', register: 'msip', index: 0, access: 'write', value: 1n },
    {
      tick: 10,
      component: 'clint',
      patches: [{ op: 'replace', path: ['msip', 0], value: true }],
    },
    { tick: 11, signal: 'clint.msip.0', value: true },
    { tick: 20, component: 'clint', register: 'msip', index: 0, access: 'read', value: 1n },
  ]);
});

test('observing changes no result', (t) => {
  t.deepEqual(ring(true).state, ring(false).state);
});
