import test from 'ava';
import { satp } from '../../../hw/isa/index.ts';
import { openProtection, RAM_BASE, testMachine, type TestMachine } from './machine.ts';
import { Leaf, mapPage, rootRegister } from './page-tables.ts';

const TABLES = RAM_BASE + 0x1_0000;

function programmed(text: string, misaligned: 'trap' | 'hardware'): TestMachine {
  const machine = testMachine({ misaligned });
  machine.load(`
    la s0, data
    ${text}
    li t1, FINISHER
    sd a0, 0(t1)
  9: j 9b
  .align 12
  data: .dword 0x8877665544332211, 0x00ffeeddccbbaa99
  `);
  return machine;
}

function firstTrap({ hart, run }: TestMachine): readonly (number | bigint)[] {
  let first: readonly (number | bigint)[] = [];
  hart.onTrap = ({ cause, tval }) => {
    if (first.length === 0) first = [cause, tval];
  };
  run(100);
  return first;
}

test('a misaligned load or store traps with its address', (t) => {
  t.deepEqual(firstTrap(programmed('ld a0, 1(s0)', 'trap')), [4, BigInt(RAM_BASE + 0x1001)]);
  t.deepEqual(firstTrap(programmed('sh a0, 3(s0)', 'trap')), [6, BigInt(RAM_BASE + 0x1003)]);
});

test('hardware reads and writes any bytes', (t) => {
  const load = programmed('ld a0, 3(s0)', 'hardware');
  load.run();
  t.is(load.finished(), 0xbbaa998877665544n);
  const sign = programmed('lh a0, 7(s0)', 'hardware');
  sign.run();
  t.is(sign.finished(), BigInt.asUintN(64, BigInt.asIntN(16, 0x9988n)));
  const store = programmed('li a1, -1\nsw a1, 6(s0)\nld a0, 0(s0)', 'hardware');
  store.run();
  t.is(store.finished(), 0xffff665544332211n);
});

test('an access across two pages touches neither when the second one faults', (t) => {
  const machine = testMachine({ misaligned: 'hardware' });
  const { hart, memory, load } = machine;
  load('ld a0, 0(s0)\nsd s1, 0(s0)');
  mapPage(machine, { at: TABLES, pages: 1 }, [0x1000, RAM_BASE], Leaf.supervisor);
  mapPage(machine, { at: TABLES, pages: 1 }, [0x2000, RAM_BASE + 0x2000], Leaf.supervisor);
  mapPage(machine, { at: TABLES, pages: 1 }, [0x3000, RAM_BASE + 0x3000], 0xc3n);
  const { csrs, state } = hart;
  openProtection(hart);
  csrs.write(satp, rootRegister(TABLES));
  state.privilege = 1;
  state.pc = 0x1000n;
  state.x[8] = 0x2ffcn;
  state.x[9] = ~0n;
  t.deepEqual(firstTrap(machine), [15, 0x3000n]);
  t.deepEqual([...memory.copy(RAM_BASE + 0x2ffc, 8)], [0, 0, 0, 0, 0, 0, 0, 0]);
});

test('a misaligned access to a device is an access fault', (t) => {
  const machine = programmed('li s0, 0x100001\nlw a0, 0(s0)', 'hardware');
  t.deepEqual(firstTrap(machine), [5, 0x10_0001n]);
});

test('a jump to an address that is no multiple of 4 traps with that address', (t) => {
  t.deepEqual(firstTrap(programmed('addi t0, s0, 2\njr t0', 'trap')), [
    0,
    BigInt(RAM_BASE + 0x1002),
  ]);
});
