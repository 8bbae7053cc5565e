import test from 'ava';
import { MemoryModel, StateArea } from '../../../../hw/timing/index.ts';
import { rocketMemory } from './rocket.ts';

// Counts follow docs/timing.md, "Caches"; they are those of the stages of Rocket and InclusiveCache, added up by hand.
const NOW = 10_000;
const LINE = 64;
/** Lines this far apart are in the same set of an L1, and lines of the second kind in the same set of the L2 as well. */
const L1_WAY = 64 * LINE;
const L2_WAY = 1024 * LINE;
const A = 0x8000_0000;

function cores(set: readonly string[] = [], harts = 1) {
  const { cores: made } = new MemoryModel(rocketMemory(set), harts, new StateArea());
  for (const core of made) core.reset();
  const [first] = made;
  if (first === undefined) throw new Error('no core');
  return { first, second: made[1] ?? first };
}

/** Far enough from everything before that nothing is under way. */
function later(steps: number): number {
  return NOW + steps * 1000;
}

const wide = 'harts.timing.memory.parameters.systemBusBytes=16';
const near = 'harts.timing.memory.backEnd.latency=40';

const loads = test.macro<[set: readonly string[], fromMemory: number, fromL2: number]>({
  exec: (t, set, fromMemory, fromL2) => {
    const { first } = cores(set);
    t.is(first.access(A, 'read', false, NOW), NOW + fromMemory);
    t.is(first.access(A + LINE - 8, 'read', false, later(1)), later(1));
    // The fetch brings the line to the L2 only.
    first.redirect(later(2));
    first.fetch(A + L1_WAY, false, later(2));
    t.is(first.access(A + L1_WAY, 'read', false, later(3)), later(3) + fromL2);
  },
  title: (what = '') => `a load waits for memory and for the L2 ${what}`,
});

test('over a bus of 8 bytes', loads, [], 120, 16);
test('over one of 16 bytes, where it waits for beats of memory', loads, [wide], 119, 12);
test('with memory that answers after 40 cycles', loads, [near], 60, 16);

test('an instruction fetched in two packets is decoded a cycle later when it comes again', (t) => {
  const { first } = cores();
  first.redirect(NOW - 1000);
  first.fetch(A, false, NOW);
  first.fetch(A + 4, true, NOW);
  t.is(first.access(A + L1_WAY, 'read', true, later(1)), later(1) + 121);
});

test('a fetch that is not surely wanted begins anew, one that is does not', (t) => {
  const { first } = cores();
  first.speculate();
  t.is(first.fetch(A, false, NOW), NOW + 125);
  first.redirect(later(1) - 5);
  t.is(first.fetch(A + LINE, false, later(1)), later(1) + 120);
  first.flushInstructions();
  first.speculate();
  t.is(first.fetch(A, false, later(2)), later(2) + 21);
});

test('the packet behind a surely wanted one is surely wanted, and cannot be asked for before', (t) => {
  const { first } = cores();
  first.redirect(NOW - 5);
  t.is(first.fetch(A - 4, false, NOW), NOW + 120);
  t.is(first.fetch(A, false, NOW + 121), NOW + 241);
});

test('a dirty victim leaves first, and its answer makes the load start over', (t) => {
  const { first } = cores();
  // Ways 1, 2 and 0, and the fourth line takes the way of the third.
  for (const line of [0, 1, 2]) {
    t.is(first.access(A + line * L1_WAY, 'write', false, later(line)), later(line) + 120);
  }
  t.is(first.access(A + 3 * L1_WAY, 'read', false, later(3)), later(3) + 18 + 120);
  t.is(first.access(A + 2 * L1_WAY, 'read', false, later(4)), later(4) + 16);
});

test('the first store to a clean line makes the access behind it start over', (t) => {
  const { first } = cores();
  first.access(A, 'read', false, NOW);
  t.is(first.access(A, 'write', false, later(1)), later(1));
  t.is(first.access(A, 'write', false, later(1) + 1), later(1) + 6);
  t.is(first.access(A, 'write', false, later(1) + 7), later(1) + 7);
});

test('the L2 takes a victim back from the core that has it, which takes longer if it is dirty', (t) => {
  const { first } = cores();
  t.is(first.access(A, 'read', false, NOW), NOW + 120);
  // Its first victims are all in way 0.
  t.is(first.access(A + L2_WAY, 'read', false, later(1)), later(1) + 7 + 120);
  const { first: writer } = cores();
  writer.access(A, 'write', false, NOW);
  t.is(writer.access(A + L2_WAY, 'read', false, later(1)), later(1) + 10 + 120);
});

test('a line that was dropped silently comes back without the right to write', (t) => {
  const { first } = cores();
  for (const line of [0, 1, 2, 3]) first.access(A + line * L1_WAY, 'read', false, later(line));
  t.is(first.access(A + 2 * L1_WAY, 'read', false, later(4)), later(4) + 16);
  // The right alone is an answer of one beat.
  t.is(first.access(A + 2 * L1_WAY, 'write', false, later(5)), later(5) + 9);
});

test('two cores read a line side by side, and a store takes it from the other', (t) => {
  const { first, second } = cores([], 2);
  first.access(A, 'write', false, NOW);
  // The first has to give up its right to write, and what it wrote.
  t.is(second.access(A, 'read', false, later(1)), later(1) + 16 + 9);
  t.is(first.access(A, 'read', false, later(2)), later(2));
  t.is(second.access(A, 'write', false, later(3)), later(3) + 9 + 6);
  t.is(first.access(A, 'read', false, later(4)), later(4) + 16 + 9);
});

// An operation on a block is at the L2 after a cycle, which knows the line two later; an answer of one beat takes three.
const ASKED = 1 + 2;
const ANSWERED = 3;
/** From the answers of cores, one of which had the line dirty, to that of memory: read, eight beats, the way there and back. */
const WRITTEN = 3 + 8 + 1 + 100 + 2;

test('a CBO of a block that nobody has only asks', (t) => {
  const { first } = cores();
  t.is(first.giveUp(A, false, NOW), NOW + ASKED + ANSWERED);
  t.is(first.giveUp(A, true, later(1)), later(1) + ASKED + ANSWERED);
});

test('CBO.FLUSH takes a clean line from every core, and it comes from memory again', (t) => {
  const { first, second } = cores([], 2);
  first.access(A, 'read', false, NOW);
  second.access(A, 'read', false, later(1));
  t.is(first.giveUp(A, false, later(2)), later(2) + ASKED + 6 + ANSWERED);
  t.is(second.access(A, 'read', false, later(3)), later(3) + 120);
  t.is(first.access(A, 'read', false, later(4)), later(4) + 16 + 6);
});

test('CBO.FLUSH writes back what a core has written, another one too', (t) => {
  const { first, second } = cores([], 2);
  second.access(A, 'write', false, NOW);
  second.access(A + LINE, 'write', false, later(1));
  t.is(first.giveUp(A, false, later(2)), later(2) + ASKED + 9 + WRITTEN + ANSWERED);
  t.is(second.access(A, 'write', false, later(3)), later(3) + 120);
  t.is(second.access(A + LINE, 'write', false, later(4)), later(4));
});

test('CBO.CLEAN writes back and leaves the line, which can be read, and written once asked for', (t) => {
  const { first } = cores();
  first.access(A, 'write', false, NOW);
  t.is(first.giveUp(A, true, later(1)), later(1) + ASKED + 9 + WRITTEN + ANSWERED);
  t.is(first.access(A, 'read', false, later(2)), later(2));
  t.is(first.giveUp(A, true, later(3)), later(3) + ASKED + ANSWERED);
  t.is(first.access(A, 'write', false, later(4)), later(4) + 9);
  t.is(first.giveUp(A, true, later(5)), later(5) + ASKED + 9 + WRITTEN + ANSWERED);
});

test('a request for a line that is being written back waits until memory has it', (t) => {
  const { first } = cores();
  first.access(A, 'write', false, NOW);
  first.giveUp(A, false, later(1));
  const behind = later(1) + 1;
  // It waits at the L2, which it is at a cycle after it left.
  t.is(first.access(A, 'read', false, behind), later(1) + ASKED + 9 + WRITTEN - 1 + 120);
});

test('what a CBO takes on the way to the L2 is a parameter', (t) => {
  const { first } = cores(['harts.timing.memory.parameters.blockRequest=11']);
  t.is(first.giveUp(A, false, NOW), NOW + 10 + ASKED + ANSWERED);
});
