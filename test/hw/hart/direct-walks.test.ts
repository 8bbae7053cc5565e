import test from 'ava';
import { mtvec, satp } from '../../../hw/isa/index.ts';
import { openProtection, RAM_BASE, testMachine } from './machine.ts';
import { Leaf, mapPage, rootRegister } from './page-tables.ts';

const TABLES = { at: RAM_BASE + 0x10_0000, pages: 1 } as const;
const HANDLER = RAM_BASE + 0x1000;
const DATA = RAM_BASE + 0x2000;
/** Virtual pages: of the code, of the code once more, and of data. */
const [CODE, ALIAS, PAGE] = [0x40_0000, 0x40_5000, 0x40_6000] as const;

test('a walk that fails shows no way to the pages of the walk before it (priv 12.3.2)', (t) => {
  const machine = testMachine();
  const { hart, load, run, memory } = machine;
  load('csrr t0, mepc\naddi t0, t0, 4\ncsrw mepc, t0\nmret', HANDLER);
  // A store into code through another page, which generated code leaves to others once it is walked for; a page fault; a read
  // of that page, which is in the TLB, and one beside it, which is not.
  load(`
    la t2, changed
    li t1, 0x5000
    add t2, t2, t1
    li s0, ${String(ALIAS)}
    li s1, ${String(PAGE)}
    li t1, 0x13
    sw t1, 0(t2)
    ld t1, 0(x0)
    ld a1, 0(s0)
    ld a0, 0(s1)
  changed:
    nop
  1: j 1b
  `);
  for (const [from, to] of [
    [CODE, RAM_BASE],
    [ALIAS, RAM_BASE],
    [PAGE, DATA],
  ] as const) {
    mapPage(machine, TABLES, [from, to], Leaf.supervisor);
  }
  memory.load(DATA, new Uint8Array([2, 3, 4, 5]));
  openProtection(hart);
  hart.csrs.write(mtvec, BigInt(HANDLER));
  hart.csrs.write(satp, rootRegister(TABLES.at));
  hart.state.privilege = 1;
  hart.state.pc = BigInt(CODE);
  run(2000);
  t.is(hart.state.x[10], 0x0504_0302n);
});
