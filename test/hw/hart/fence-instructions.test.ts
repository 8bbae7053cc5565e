import test from 'ava';
import { satp, sedeleg, stvec } from '../../../hw/isa/index.ts';
import { guestMachine } from './guest-machine.ts';
import { openProtection, RAM_BASE, testMachine } from './machine.ts';
import { Leaf, mapPage, rootRegister } from './page-tables.ts';

const TABLES = { at: RAM_BASE + 0x10_8000, pages: 1 } as const;
const FINISHER_PAGE = 0x10_0000;

/** Code in S mode that reads a page, moves it by changing its table entry through another page, and reads it again. */
function moved(fence: string): bigint | undefined {
  const machine = testMachine();
  const { hart, load, run, finished } = machine;
  load(`
    li s0, 0x402000
    li s1, 0x403000
    ld a0, 0(s0)
    ld t0, 8(s1)
    sd t0, 16(s1)
    ${fence}
    ld a0, 0(s0)
    li t1, FINISHER
    sd a0, 0(t1)
  1: j 1b
  `);
  const map = (from: number, to: number): void => {
    mapPage(machine, TABLES, [from, to], Leaf.supervisor);
  };
  // The last table of these pages is the third; the one of the code and the device is elsewhere.
  const code = { at: RAM_BASE + 0x11_0000, pages: 1 } as const;
  mapPage(machine, code, [0x40_0000, RAM_BASE], Leaf.supervisor);
  mapPage(machine, code, [0x40_2000, RAM_BASE + 0x2000], Leaf.supervisor);
  mapPage(machine, code, [0x40_3000, code.at + 0x2000], Leaf.supervisor);
  mapPage(machine, code, [0x40_1000, RAM_BASE + 0x3000], Leaf.supervisor);
  map(FINISHER_PAGE, FINISHER_PAGE);
  machine.memory.load(RAM_BASE + 0x2000, new Uint8Array([1]));
  machine.memory.load(RAM_BASE + 0x3000, new Uint8Array([2]));
  // The finisher's megapage hangs on the same middle table.
  const pointer = new Uint8Array(8);
  const entry = (BigInt((TABLES.at + 0x2000) / 4096) << 10n) | Leaf.table;
  new DataView(pointer.buffer).setBigUint64(0, entry, true);
  machine.memory.load(code.at + 0x1000, pointer);
  openProtection(hart);
  hart.csrs.write(satp, rootRegister(code.at));
  hart.state.privilege = 1;
  hart.state.pc = 0x40_0000n;
  run(20_000);
  return finished();
}

test('a table entry that changes is not seen without a fence', (t) => {
  t.is(moved('nop'), 1n);
});

test('SFENCE.VMA makes it seen', (t) => {
  t.is(moved('sfence.vma'), 2n);
  t.is(moved('sfence.vma s0'), 2n);
  t.is(moved('sfence.vma s0, x0'), 2n);
});

test('SFENCE.VMA of another page or address space does not', (t) => {
  t.is(moved('sfence.vma s1'), 1n);
  t.is(moved('li t2, 7\nsfence.vma s0, t2'), 1n);
});

test('SINVAL.VMA between its two ordering fences does what SFENCE.VMA does', (t) => {
  const invalidated = (operands: string): bigint | undefined =>
    moved(`sfence.w.inval\nsinval.vma ${operands}\nsfence.inval.ir`);
  t.is(invalidated('x0, x0'), 2n);
  t.is(invalidated('s0, x0'), 2n);
  t.is(invalidated('s1, x0'), 1n);
  t.is(moved('sfence.w.inval\nsfence.inval.ir'), 1n, 'which alone invalidate nothing');
});

test('HFENCE of guests does not touch the host', (t) => {
  t.is(moved('hfence.vvma'), 1n);
  t.is(moved('hfence.gvma'), 1n);
  t.is(moved('hinval.vvma x0, x0'), 1n);
  t.is(moved('hinval.gvma x0, x0'), 1n);
});

// The guest reads a page of its own twice, with an exit in between whose handler exchanges stage-2 entries.
const guest = `
  li s0, 0x14000
  ld a0, 0(s0)
  ecall
  ld a1, 0(s0)
  li a7, 1
  ecall
`;

function exchanged(fence: string, options: Parameters<typeof guestMachine>[2] = {}) {
  const machine = guestMachine(
    `
    bnez a7, end
    li t0, 0x80205000
    ld t1, 0xa8(t0)
    sd t1, 0xa0(t0)
    ${fence}
    csrr t0, uepc
    addi t0, t0, 4
    csrw uepc, t0
    huret
  end:
    li t1, FINISHER
    sd a1, 0(t1)
  1: j 1b
  `,
    guest,
    options,
  );
  machine.memory.load(RAM_BASE + 0x10_4000, new Uint8Array([1]));
  machine.memory.load(RAM_BASE + 0x10_5000, new Uint8Array([2]));
  machine.run();
  return machine.finished();
}

test('HUFENCE.GVMA makes a changed stage-2 entry seen', (t) => {
  t.is(exchanged('nop'), 1n);
  t.is(exchanged('hufence.gvma'), 2n);
});

test('HUFENCE.GVMA honours the guest physical address, unless it drops all', (t) => {
  const named = (address: number): string => `li t2, ${String(address / 4)}\nhufence.gvma t2, x0`;
  t.is(exchanged(named(0x1_4000)), 2n);
  t.is(exchanged(named(0x1_3000)), 1n);
  t.is(exchanged(named(0x1_3000), { knobs: { hufence: 'all' } }), 2n);
});

/** The same with a handler in HS mode, which fences the VM whose number t2 holds; the guest is VM 3. */
function exchangedByHost(vmidBits: number, number: number): bigint | undefined {
  const machine = guestMachine(
    `
    bnez a7, end
    li t0, 0x80205000
    ld t1, 0xa8(t0)
    sd t1, 0xa0(t0)
    li t2, ${String(number)}
    hfence.gvma x0, t2
    csrr t0, sepc
    addi t0, t0, 4
    csrw sepc, t0
    sret
  end:
    li t1, FINISHER
    sd a1, 0(t1)
  1: j 1b
  `,
    guest,
    { knobs: { vmidBits } },
  );
  machine.hart.csrs.write(sedeleg, 0n);
  machine.hart.csrs.write(stvec, BigInt(RAM_BASE));
  machine.memory.load(RAM_BASE + 0x10_4000, new Uint8Array([1]));
  machine.memory.load(RAM_BASE + 0x10_5000, new Uint8Array([2]));
  machine.run();
  return machine.finished();
}

test('HFENCE.GVMA looks at as many bits of a VMID as the hart has, and at no others (priv 18.3.2)', (t) => {
  t.is(exchangedByHost(14, 3), 2n);
  t.is(exchangedByHost(14, 0x83), 1n, 'another VM');
  t.is(exchangedByHost(14, 0xc003), 2n, 'bits 63:14 do not exist');
  t.is(exchangedByHost(7, 0x83), 2n, 'nor does bit 7 of seven');
  t.is(exchangedByHost(7, 4), 1n);
  t.is(exchangedByHost(0, 5), 2n, 'without VMIDs every guest is named');
});
