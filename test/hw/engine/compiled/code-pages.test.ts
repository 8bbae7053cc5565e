import test from 'ava';
import { CodePages, codeAreaBytes } from '../../../../hw/engine/compiled/code-pages.ts';
import { OperationTable } from '../../../../hw/engine/compiled/operations.ts';
import { ENTRY_BYTES, packed, Special } from '../../../../hw/engine/compiled/packed-entry.ts';
import {
  decode,
  type Decoded,
  encode,
  everyExtension,
  instructions,
} from '../../../../hw/isa/index.ts';

const PAGE = 0x1000;
const AREA = 0x10_000;
const selection = everyExtension();
const operations = new OperationTable(instructions, true);

/** Memory that begins with so many instructions, and room for the entries of two pages; how long they wait for each other. */
function pagesOf(
  count: number,
  cycles: (older: Decoded | undefined) => number = () => 0,
  rd = 0,
): { pages: CodePages; view: DataView } {
  const bytes = codeAreaBytes(2, 2);
  const buffer = new ArrayBuffer(AREA + bytes);
  const view = new DataView(buffer);
  const add = encode('addi', { rd, rs1: 0, imm: 0 });
  for (let index = 0; index < count; index += 1) view.setUint32(4 * index, add, true);
  const pages = new CodePages({
    buffer,
    area: { offset: AREA, bytes },
    instructionAlignment: 2,
    operations,
    timing: {
      key: '',
      transfers: undefined,
      floats: undefined,
      stall: (older) => ({ cycles: cycles(older), leaf: 0 }),
      operandExtra: () => undefined,
      mostExtra: () => 0,
      issue: 0,
      mechanismOf: () => 0,
      inStages: false,
      hasCaches: false,
      hasCode: () => true,
    },
    decode: (word) => decode(word, selection),
  });
  return { pages, view };
}

test('entries of words lie side by side, and each leads to the next', (t) => {
  const { pages, view } = pagesOf(3);
  const entries = pages.entriesOf(0);
  const first = pages.entryAt(entries, 0);
  t.is(pages.entryAt(entries, 4), first + ENTRY_BYTES);
  t.is(view.getInt16(first + packed.advance, true), ENTRY_BYTES);
  t.deepEqual(pages.locate(pages.entryAt(entries, 8)), { entries, inPage: 8 });
});

test('a parcel leads to the word behind it, and the last instruction to the end of the page', (t) => {
  const { pages, view } = pagesOf(0);
  const cNop = 1;
  view.setUint16(PAGE - 2, cNop, true);
  view.setUint16(PAGE - 4, cNop, true);
  const entries = pages.entriesOf(0);
  const first = pages.entryAt(entries, PAGE - 4);
  const second = first + view.getInt16(first + packed.advance, true);
  t.is(second, pages.entryAt(entries, PAGE - 2));
  const end = second + view.getInt16(second + packed.advance, true);
  t.is(view.getUint8(end + packed.op), Special.pageEnd);
  t.is(view.getUint16(end + packed.place, true), PAGE);
});

test('a store forgets the entries of its line and those that looked into it, but not where they are', (t) => {
  const { pages, view } = pagesOf(40);
  const entries = pages.entriesOf(0);
  pages.entryAt(entries, 0);
  pages.written(64, 1);
  const isKnown = (inPage: number): boolean => pages.trailOf(pages.entry(entries, inPage)) !== 0;
  t.deepEqual([48, 52, 56, 60, 64, 124, 128].map(isKnown), [
    true,
    false,
    false,
    false,
    false,
    false,
    true,
  ]);
  t.is(view.getUint16(pages.entry(entries, 64) + packed.place, true), 64);
});

test('an entry says what is done after it, until the instruction there is forgotten or somebody else executes it', (t) => {
  const { pages, view } = pagesOf(40);
  const entries = pages.entriesOf(0);
  pages.entryAt(entries, 0);
  const nextOp = (inPage: number): number => {
    return view.getUint8(pages.entry(entries, inPage) + packed.nextOp);
  };
  t.deepEqual([0, 48, 64].map(nextOp), [Special.nothing, Special.nothing, Special.nothing]);
  pages.written(64, 1);
  t.deepEqual([0, 44, 48].map(nextOp), [Special.nothing, Special.nothing, Special.undecoded]);
  pages.entryAt(entries, 52);
  t.is(nextOp(48), Special.nothing);
  pages.pin(0, 8);
  t.deepEqual([0, 4, 8].map(nextOp), [Special.nothing, Special.slow, Special.nothing]);
});

test('an entry says that the next instruction may wait, for the one before it or the one before that', (t) => {
  const { pages, view } = pagesOf(8, (older) => (older === undefined ? 0 : 1));
  const entries = pages.entriesOf(0);
  pages.entryAt(entries, 8);
  pages.entryAt(entries, 0);
  const nextOp = (inPage: number): number => {
    return view.getUint8(pages.entry(entries, inPage) + packed.nextOp);
  };
  t.deepEqual([0, 4, 8].map(nextOp), [Special.nothing, Special.wait, Special.wait]);
});

test('an entry names a pair while the next instruction is one that it makes a pair with, and comes without a wait', (t) => {
  const { pages, view } = pagesOf(40, undefined, 1);
  const entries = pages.entriesOf(0);
  pages.entryAt(entries, 0);
  const op = (inPage: number): number => view.getUint8(pages.entry(entries, inPage) + packed.op);
  const nextOp = (inPage: number): number => {
    return view.getUint8(pages.entry(entries, inPage) + packed.nextOp);
  };
  const pair = op(0);
  const single = operations.firstOf(pair);
  t.not(pair, single);
  t.is(operations.joined(single, single), pair);
  t.deepEqual([0, 40, 44, 48].map(nextOp), [pair, pair, pair, pair]);
  pages.written(64, 1);
  t.deepEqual([40, 44, 48].map(op), [pair, pair, single]);
  t.deepEqual([40, 44, 48].map(nextOp), [pair, single, Special.undecoded]);
  pages.entryAt(entries, 52);
  t.deepEqual([40, 44, 48].map(op), [pair, pair, pair]);
  pages.pin(0, 8);
  t.deepEqual([0, 4, 8].map(op), [pair, single, Special.slow]);
  t.is(nextOp(0), single);
  const waiting = pagesOf(40, () => 1, 1);
  const first = waiting.pages.entryAt(waiting.pages.entriesOf(0), 0);
  t.is(waiting.view.getUint8(first + packed.op), single);
  t.is(waiting.view.getUint8(first + packed.nextOp), Special.wait);
});

test('what was jumped to now and then cools down; a region stays', (t) => {
  const { pages, view } = pagesOf(2);
  const entries = pages.entriesOf(0);
  const [warm, hot] = [pages.entryAt(entries, 0), pages.entryAt(entries, 4)];
  view.setUint16(warm + packed.heat, 7, true);
  pages.setRegion(hot, 5);
  pages.coolAll();
  t.is(view.getUint16(warm + packed.heat, true), 0);
  t.not(view.getUint16(hot + packed.heat, true), 0);
});
