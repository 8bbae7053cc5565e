import test from 'ava';
import {
  BranchTargetBuffer,
  sourceOf,
  Transfer,
} from '../../../../hw/timing/core/branch-target-buffer.ts';
import { targetParts } from '../../../../hw/timing/core/target-answer.ts';
import { StateArea } from '../../../../hw/timing/index.ts';

const ENTRIES = 28;
const PAGES = 6;
const PC = 0x8000_1084;
const TARGET = 0x8000_2000;

/** A buffer in which two entries know the same transfer. */
function withTwoMatches(): BranchTargetBuffer {
  const buffer = new BranchTargetBuffer(ENTRIES, PAGES, new StateArea());
  const update = { entry: ENTRIES, isValid: true, kind: Transfer.jump, pc: PC };
  buffer.learn(update, TARGET);
  buffer.learn(update, TARGET);
  return buffer;
}

test('entries that match together are dropped, and answer once', (t) => {
  const buffer = withTwoMatches();
  const answer = buffer.lookup(PC);
  t.not(answer, 0);
  t.deepEqual([buffer.matches, buffer.hasDropped], [2, true]);
  t.is(buffer.lookup(PC), 0);
});

test('who is told of the drop may ask for other addresses', (t) => {
  const buffer = withTwoMatches();
  let asked = 0;
  buffer.onChange = () => {
    asked += 1;
    buffer.look(PC + 4);
  };
  t.is(buffer.lookup(PC), withTwoMatches().lookup(PC));
  t.is(asked, 1);
  t.deepEqual([buffer.matches, buffer.hasDropped], [2, true]);
});

test('a page register that gives way takes targets with it, and who is told is told of these', (t) => {
  // BTB.scala: pages of 2 ** 14 bytes in registers that are replaced in turn; here two.
  const page = (number: number): number => 0x8000_0000 + number * 2 ** 14;
  const buffer = new BranchTargetBuffer(ENTRIES, 2, new StateArea());
  const told: (number | undefined)[] = [];
  const jump = (pc: number, target: number): void => {
    buffer.learn({ entry: ENTRIES, isValid: true, kind: Transfer.jump, pc }, target);
  };
  const isHit = (pc: number): boolean => targetParts(buffer.lookup(pc)).isHit;
  jump(page(0), page(0) + 8);
  jump(page(1) + 16, page(1) + 32);
  t.deepEqual([isHit(page(0)), isHit(page(1) + 16)], [true, true]);
  buffer.onChange = (source) => told.push(source);
  jump(page(2) + 64, page(2) + 128);
  t.deepEqual([isHit(page(0)), isHit(page(1) + 16), isHit(page(2) + 64)], [false, true, true]);
  t.deepEqual(told, [sourceOf(page(0)), sourceOf(page(2) + 64)]);
});

test('of two entries that match, one that is learned anew elsewhere leaves the other', (t) => {
  const buffer = new BranchTargetBuffer(ENTRIES, PAGES, new StateArea());
  const jump = { isValid: true, kind: Transfer.jump };
  buffer.learn({ ...jump, entry: 3, pc: PC }, TARGET);
  const alone = buffer.look(PC);
  buffer.learn({ ...jump, entry: 7, pc: PC }, TARGET);
  t.deepEqual([buffer.look(PC), buffer.matches], [undefined, 2]);
  buffer.learn({ ...jump, entry: 7, pc: PC + 64 }, TARGET);
  t.deepEqual([buffer.look(PC), buffer.matches], [alone, 1]);
  buffer.learn({ ...jump, entry: 3, pc: PC, isValid: false }, TARGET);
  t.deepEqual([buffer.look(PC), buffer.matches], [0, 0]);
});
