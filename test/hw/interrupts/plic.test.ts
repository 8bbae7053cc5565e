import test from 'ava';
import fc from 'fast-check';
import { dvPlic, forkPlic, plic } from '../../../hw/interrupts/index.ts';
import { line, Signal } from '../../../hw/kernel/index.ts';
import { place } from '../kernel/bench.ts';

const pending = 0x1000;
const priority = (source: number): number => 4 * source;
const enable = (context: number, word = 0): number => 0x2000 + 0x80 * context + 4 * word;
const threshold = (context: number): number => 0x20_0000 + 0x1000 * context;
const claim = (context: number): number => threshold(context) + 4;

/** Contexts of hart 0 and 1: M and S of each. */
const M0 = 0;
const S0 = 1;
const S1 = 3;

function controller(definition = plic, sources = 31) {
  const wires = Array.from(
    { length: sources },
    (_, index) => new Signal(`w${String(index)}`, line),
  );
  const { bench, device } = place(definition, { harts: 2, sources });
  wires.forEach((wire, index) => {
    device.wire(`source.${String(index + 1)}`, wire as Signal);
  });
  const write = (offset: number, value: number): void => {
    device.write(offset, 4, BigInt(value));
  };
  const read = (offset: number): number => Number(device.read(offset, 4));
  let time = 0;
  const settle = (): void => {
    time += 5;
    bench.runTo(time);
  };
  return {
    write,
    read,
    settle,
    device,
    /** Raises or lowers the wire of a source. */
    set: (source: number, level: boolean): void => {
      wires[source - 1]?.drive(level);
      device.rest(time);
      settle();
    },
    level: (path: string): unknown => bench.circuit.output(`device.${path}`).value,
  };
}

test('an interrupt is pending, is claimed once and comes again only after its completion', (t) => {
  const { write, read, set, settle, level } = controller();
  write(priority(5), 1);
  write(enable(S0), 1 << 5);
  set(5, true);
  t.is(read(pending), 1 << 5);
  t.deepEqual([level('s.0'), level('m.0'), level('s.1')], [true, false, false]);
  t.is(read(claim(S0)), 5);
  settle();
  t.is(read(pending), 0);
  t.is(level('s.0'), false);
  t.is(read(claim(S0)), 0, 'a claim finds nothing more');
  settle();
  t.is(level('s.0'), false, 'the line is still high, but in service');
  write(claim(S0), 5);
  settle();
  t.is(level('s.0'), true, 'the gateway forwards the level again');
});

test('a request stays pending when its line falls before the claim', (t) => {
  const { write, read, set } = controller();
  write(priority(1), 1);
  write(enable(M0), 2);
  set(1, true);
  set(1, false);
  t.is(read(claim(M0)), 1);
});

test('priority 0 means never interrupt', (t) => {
  const { write, read, set, level } = controller();
  write(enable(S0), 1 << 3);
  set(3, true);
  t.is(read(pending), 1 << 3);
  t.is(level('s.0'), false);
  t.is(read(claim(S0)), 0);
});

test('a threshold masks priorities that are not above it, but does not affect claims', (t) => {
  const { write, read, set, settle, level } = controller();
  write(priority(2), 3);
  write(enable(S0), 1 << 2);
  set(2, true);
  for (const [value, isRaised] of [
    [2, true],
    [3, false],
    [7, false],
    [0, true],
  ] as const) {
    write(threshold(S0), value);
    settle();
    t.is(level('s.0'), isRaised, `threshold ${String(value)}`);
  }
  write(threshold(S0), 7);
  t.is(read(claim(S0)), 2);
});

test('the highest priority is claimed first, and of equals the lowest number', (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 31, maxLength: 31 }),
      (all) => {
        const { write, read, set } = controller();
        write(enable(S1), 0xffff_ffff);
        all.forEach((value, index) => {
          write(priority(index + 1), value);
          set(index + 1, true);
        });
        const claimed = all.map(() => read(claim(S1))).filter((source) => source !== 0);
        const expected = all
          .map((value, index) => ({ value, source: index + 1 }))
          .filter(({ value }) => value > 0)
          .sort((a, b) => b.value - a.value || a.source - b.source)
          .map(({ source }) => source);
        t.deepEqual(claimed, expected);
      },
    ),
    { numRuns: 20 },
  );
});

test('a completion of a source that the context does not have enabled is ignored', (t) => {
  const { write, read, set, settle, level } = controller();
  write(priority(4), 1);
  write(enable(S0), 1 << 4);
  set(4, true);
  t.is(read(claim(S0)), 4);
  write(claim(S1), 4);
  write(claim(S0), 9);
  write(claim(S0), 5000);
  settle();
  t.is(level('s.0'), false);
  write(claim(S0), 4);
  settle();
  t.is(level('s.0'), true);
});

test('of two contexts that are interrupted by one request, one claims it and the other finds none', (t) => {
  const { write, read, set, level } = controller();
  write(priority(6), 1);
  for (const context of [S0, S1]) write(enable(context), 1 << 6);
  set(6, true);
  t.deepEqual([level('s.0'), level('s.1')], [true, true]);
  t.is(read(claim(S1)), 6);
  t.is(read(claim(S0)), 0);
});

test('source 0 and sources that do not exist can be neither enabled nor given a priority', (t) => {
  const { write, read } = controller(plic, 40);
  for (const word of [0, 1, 2]) write(enable(S0, word), 0xffff_ffff);
  t.deepEqual(
    [0, 1, 2].map((word) => read(enable(S0, word))),
    [0xffff_fffe, 0x1ff, 0],
  );
  write(0, 7);
  write(priority(40), 0xff);
  write(priority(41), 7);
  t.deepEqual([read(0), read(priority(40)), read(priority(41))], [0, 7, 0]);
  t.is(read(enable(S1)), 0, 'each context has enables of its own');
});

test('the prototype has a guest context for each hart, and 32 sources that software raises', (t) => {
  const { write, read, settle, level } = controller(dvPlic, 4);
  const vinterrupts = 0x1f0_0000;
  const first = 5;
  const VS1 = 5;
  write(priority(first + 2), 1);
  write(enable(VS1), 1 << (first + 2));
  write(vinterrupts, 1 << 2);
  settle();
  t.deepEqual([level('vs.0'), level('vs.1'), level('s.1')], [false, true, false]);
  t.is(read(claim(VS1)), first + 2);
  t.is(read(vinterrupts), 0, 'a claim lets go of what software held up');
  write(vinterrupts, 1 << 2);
  settle();
  t.is(level('vs.1'), false, 'still in service');
  write(claim(VS1), first + 2);
  settle();
  t.is(level('vs.1'), true, 'a post during service is delivered after it');
});

test('the QEMU fork raises one of the sources from 128 on with each write, and 0 takes back the first 16', (t) => {
  const { write, read, settle, level } = controller(forkPlic, 4);
  const vinterrupts = 0x1f0_0000;
  const VS1 = 5;
  for (const source of [0x82, 0x84, 0x90]) write(priority(source), 1);
  write(enable(VS1, 4), 0x1_0014);
  write(vinterrupts, 0x1_0014);
  settle();
  t.true(level('vs.1'));
  t.is(read(claim(VS1)), 0x82, 'the lowest bit of what was written, and no other');
  t.is(read(claim(VS1)), 0);
  write(vinterrupts, 0x10);
  write(vinterrupts, 0x1_0000);
  settle();
  write(vinterrupts, 0);
  settle();
  t.is(read(claim(VS1)), 0x90);
  write(claim(VS1), 0x90);
  write(vinterrupts, 0x10);
  settle();
  t.is(read(claim(VS1)), 0x84, 'a source that was taken back can be raised again');
  write(priority(40), 7);
  t.is(read(priority(40)), 0, 'there is nothing between the wired sources and 128');
});
