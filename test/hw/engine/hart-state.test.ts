import test from 'ava';
import {
  HART_STATE_BYTES,
  HartState,
  hartStateOffsets,
  raise,
  TrapSignal,
} from '../../../hw/engine/index.ts';
import { csrSlotCount } from '../../../hw/isa/index.ts';

const MAX = (1n << 64n) - 1n;

test('each part of the state keeps its value while every other part changes', (t) => {
  const state = new HartState(new ArrayBuffer(HART_STATE_BYTES));
  state.x.fill(MAX);
  state.csr.fill(1n);
  state.pc = 2n;
  state.reservedAddress = 3n;
  state.cycle = 4;
  state.instret = 5;
  state.privilege = 3;
  state.virtual = true;
  state.reservedBytes = 8;
  t.true(state.x.every((value) => value === MAX));
  t.true(state.csr.every((value) => value === 1n));
  t.is(state.csr.length, csrSlotCount);
  t.deepEqual(
    [state.pc, state.reservedAddress, state.cycle, state.instret, state.privilege],
    [2n, 3n, 4, 5, 3],
  );
  t.deepEqual([state.virtual, state.reservedBytes], [true, 8]);
});

test('harts that lie side by side in memory share no byte', (t) => {
  const memory = new ArrayBuffer(3 * HART_STATE_BYTES);
  const harts = [0, 1, 2].map((index) => new HartState(memory, index * HART_STATE_BYTES));
  for (const [index, state] of harts.entries()) {
    state.x.fill(BigInt(index));
    state.csr.fill(BigInt(index));
    state.pc = BigInt(index);
  }
  for (const [index, state] of harts.entries()) {
    t.true(state.x.every((value) => value === BigInt(index)));
    t.true(state.csr.every((value) => value === BigInt(index)));
    t.is(state.pc, BigInt(index));
  }
});

test('offsets say where an engine finds the state in memory', (t) => {
  const memory = new ArrayBuffer(HART_STATE_BYTES);
  const state = new HartState(memory);
  const view = new DataView(memory);
  state.pc = 0x1234n;
  state.x[31] = 0x5678n;
  state.privilege = 3;
  state.instret = 9;
  t.is(view.getBigUint64(hartStateOffsets.pc, true), 0x1234n);
  t.is(view.getBigUint64(hartStateOffsets.x + 31 * 8, true), 0x5678n);
  t.is(view.getUint32(hartStateOffsets.privilege, true), 3);
  t.is(view.getFloat64(hartStateOffsets.instret, true), 9);
});

test('an exception is signalled by one object, filled in anew each time', (t) => {
  const first = t.throws(() => raise(21, 0x1000n, { gva: true, gpa: 0x2000n, tinst: 0x3000n }), {
    instanceOf: TrapSignal,
  });
  t.like(first, { cause: 21, tval: 0x1000n, gva: true, gpa: 0x2000n, tinst: 0x3000n });
  const second = t.throws(() => raise(2, 0n), { instanceOf: TrapSignal });
  t.is(first, second);
  t.like(second, { cause: 2, tval: 0n, gva: false, gpa: 0n, tinst: 0n });
});
