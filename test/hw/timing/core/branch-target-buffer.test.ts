import test from 'ava';
import { BranchTargetBuffer, Transfer } from '../../../../hw/timing/core/branch-target-buffer.ts';
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
