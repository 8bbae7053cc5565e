import test from 'ava';
import fc from 'fast-check';
import {
  assemble,
  Cause,
  decode,
  type Decoded,
  everyExtension,
  hutval,
  mcause,
  mepc,
  mie,
  misa,
  mstatus,
  mtval,
  satp,
} from '../../../hw/isa/index.ts';
import type { Hart } from '../../../hw/hart/index.ts';
import { guestMachine } from './guest-machine.ts';
import { openProtection, RAM_BASE, testMachine, type TestMachine } from './machine.ts';
import { Leaf, mapPage, rootRegister } from './page-tables.ts';

const DATA = RAM_BASE + 0x1_0000;
const TABLES = RAM_BASE + 0x2_0000;
/** Registers that hold addresses in the random blocks. */
const bases: readonly number[] = [2, 8, 9];

const selection = everyExtension();
const blockInstructions = Array.from({ length: 0x1_0000 }, (_, parcel) => parcel)
  .map((parcel) => decode(parcel, selection))
  .filter((decoded): decoded is Decoded => decoded?.length === 2)
  .filter(({ instruction: { timing }, rd, rs1 }) => {
    if (timing === 'load' || timing === 'store') return bases.includes(rs1) && !bases.includes(rd);
    return timing === 'integer' && !bases.includes(rd);
  });

function bytesOf(values: readonly (readonly [value: number, size: number])[]): Uint8Array {
  return Uint8Array.from(
    values.flatMap(([value, size]) =>
      Array.from({ length: size }, (_, index) => (value >>> (8 * index)) & 0xff),
    ),
  );
}

function runBlock(code: Uint8Array, count: number, seed: bigint): Hart {
  const { hart, memory } = testMachine({ compressed: true, float: true });
  memory.load(RAM_BASE, code);
  hart.csrs.setFields(mstatus, { fs: 1n });
  for (let register = 1; register < 32; register++) {
    hart.state.x[register] = bases.includes(register)
      ? BigInt(DATA + 1024 * register)
      : BigInt.asUintN(64, seed * BigInt(register) * 0x9e37_79b9_7f4a_7c15n);
  }
  while (hart.state.instret < count) hart.runUntil(hart.localTime + 1);
  return hart;
}

test('compressed code does what its expansion does, in as many cycles', (t) => {
  const block = fc.array(fc.constantFrom(...blockInstructions), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(block, fc.bigInt({ min: 1n, max: 1n << 40n }), (code, seed) => {
      const short = runBlock(bytesOf(code.map(({ word }) => [word, 2])), code.length, seed);
      const long = runBlock(bytesOf(code.map(({ expanded }) => [expanded, 4])), code.length, seed);
      const mixed = bytesOf(
        code.map(({ word, expanded }, index) => (index % 3 === 0 ? [expanded, 4] : [word, 2])),
      );
      for (const hart of [short, runBlock(mixed, code.length, seed)]) {
        t.deepEqual([...hart.state.x], [...long.state.x]);
        t.deepEqual([...hart.state.f], [...long.state.f]);
        t.is(hart.state.cycle, long.state.cycle);
      }
      t.is(short.state.pc, BigInt(RAM_BASE + 2 * code.length));
    }),
    { numRuns: 15 },
  );
});

test('a link register names the instruction behind the call, wherever it begins', (t) => {
  const machine = testMachine({ compressed: true });
  machine.load(`
    c.nop
    jal t0, 1f
    c.nop
  1:
    la a0, 2f
    c.jalr a0
    c.nop
  2:
    c.li a1, 0
    c.beqz a1, 3f
    c.ebreak
  3:
    li t1, FINISHER
    sd a1, 0(t1)
    c.j .
  `);
  machine.run(2000);
  t.is(machine.finished(), 0n);
  t.is(machine.hart.state.x[5], 0x8000_0006n);
  t.is(machine.hart.state.x[1], 0x8000_0012n);
});

const missesAlignment = `
  la t0, handler
  csrw mtvec, t0
  la t0, target
  addi t0, t0, 2
  jalr a0, 0(t0)
target:
  .word 0x45054501
  j .
  .align 4
handler:
  j .
`;

test('a target in the middle of a word is misaligned without C and an instruction with it', (t) => {
  const plain = testMachine();
  const { labels } = plain.load(missesAlignment);
  plain.run(200);
  const target = labels.get('target') ?? 0n;
  t.is(plain.hart.csrs.read(mcause), BigInt(Cause.instructionAddressMisaligned));
  t.is(plain.hart.csrs.read(mtval), target + 2n);
  t.is(plain.hart.csrs.read(mepc), target - 4n);
  t.is(plain.hart.state.x[10], 0n);
  const compressed = testMachine({ compressed: true });
  compressed.load(missesAlignment);
  compressed.run(200);
  t.is(compressed.hart.csrs.read(mcause), 0n);
  t.is(compressed.hart.state.x[10], 1n);
});

test('misa.C says whether bit 1 of an exception program counter can be written', (t) => {
  for (const compressed of [false, true]) {
    const { csrs } = testMachine({ compressed }).hart;
    csrs.write(mepc, 0x8000_0007n);
    t.is(csrs.read(mepc), compressed ? 0x8000_0006n : 0x8000_0004n);
    t.is((csrs.read(misa) >> 2n) & 1n, compressed ? 1n : 0n);
  }
});

test('an illegal parcel is reported without the parcel behind it', (t) => {
  for (const parcel of [0, 0x2000, 0x9c41, 0x4002]) {
    const { hart, load, run } = testMachine({ compressed: true });
    const traps: bigint[] = [];
    hart.onTrap = ({ cause, tval, pc }) => {
      if (traps.length === 0) traps.push(BigInt(cause), tval, pc);
    };
    load(`c.nop\n.half ${String(parcel)}\n.word 0xffffffff`);
    run(20);
    t.deepEqual(traps, [BigInt(Cause.illegalInstruction), BigInt(parcel), 0x8000_0002n]);
  }
});

/** Enters S mode at an address of the page 0x400000, behind which nothing is mapped. */
function enterPage(code: string, offset: number): TestMachine {
  const machine = testMachine({ compressed: true });
  openProtection(machine.hart);
  mapPage(machine, { at: TABLES, pages: 1 }, [0x40_0000, DATA], Leaf.supervisor);
  machine.hart.csrs.write(satp, rootRegister(TABLES));
  machine.load(code, DATA + offset);
  machine.load(`
    li t0, 0x400000 + ${String(offset)}
    csrw mepc, t0
    li t0, 0x800
    csrw mstatus, t0
    mret
  `);
  return machine;
}

test('a fetch across a page reports the half that faults, and the address where it began', (t) => {
  const traps: unknown[] = [];
  const firstOf = ({ hart, run }: TestMachine): unknown => {
    traps.length = 0;
    hart.onTrap = ({ cause, tval, pc }) => traps.push({ cause, tval, pc });
    run(600);
    return traps[0];
  };
  const cause = Cause.instructionPageFault;
  const straddling = enterPage('addi a0, a0, 1', 0xffe);
  t.deepEqual(firstOf(straddling), { cause, tval: 0x40_1000n, pc: 0x40_0ffen });
  t.is(straddling.hart.state.x[10], 0n);
  const fitting = enterPage('c.addi a0, 1', 0xffe);
  t.deepEqual(firstOf(fitting), { cause, tval: 0x40_1000n, pc: 0x40_1000n });
  t.is(fitting.hart.state.x[10], 1n);
});

test('a fetch across two pages that lie apart takes a half from each', (t) => {
  const machine = enterPage('.half 0', 0xffe);
  mapPage(machine, { at: TABLES, pages: 1 }, [0x40_1000, RAM_BASE + 0x3_0000], Leaf.supervisor);
  const { bytes } = assemble('addi a0, a0, 1');
  machine.memory.load(DATA + 0xffe, bytes.slice(0, 2));
  machine.load('c.j .', RAM_BASE + 0x3_0002);
  machine.memory.load(RAM_BASE + 0x3_0000, bytes.slice(2));
  machine.run(600);
  t.is(machine.hart.state.x[10], 1n);
  t.is(machine.hart.state.pc, 0x40_1002n);
});

test('a guest fetch across a page reports the guest address of the half that faults', (t) => {
  const machine = guestMachine('j .', 'li t0, 0x1fffe\njr t0', { compressed: true });
  machine.load('addi a0, a0, 1', RAM_BASE + 0x10_fffe);
  const traps: unknown[] = [];
  machine.hart.onTrap = ({ cause, tval, pc }) => traps.push({ cause, tval, pc });
  machine.run(600);
  t.deepEqual(traps[0], {
    cause: Cause.instructionGuestPageFault,
    tval: 0x2_0000n,
    pc: 0x1_fffen,
  });
  t.is(machine.hart.csrs.read(hutval), 0x2_0000n >> 2n);
});

test('an interrupt between parcels comes back to where it was taken', (t) => {
  const machine = testMachine({ compressed: true });
  const { labels } = machine.load(`
    la t0, handler
    csrw mtvec, t0
    c.nop
    csrsi mstatus, 8
  here:
    c.addi a0, 1
    li t1, FINISHER
    sd a0, 0(t1)
    c.j .
    .align 4
  handler:
    csrw mie, zero
    csrr a1, mepc
    mret
  `);
  machine.hart.csrs.write(mie, 8n);
  machine.hart.setLine('msip', true, 0);
  machine.run(500);
  const here = labels.get('here') ?? 0n;
  t.is(here & 3n, 2n);
  t.is(machine.hart.state.x[11], here);
  t.is(machine.finished(), 1n);
});

test('the commit log shows 16 bits of a 16-bit instruction', (t) => {
  const { hart, load, run } = testMachine({ compressed: true });
  const lines: string[] = [];
  hart.commitLog = (line) => lines.push(line);
  load('c.li a0, 1\naddi a0, a0, 1\nc.j .');
  run(5);
  t.deepEqual(lines.slice(0, 2), [
    'core   0: 3 0x0000000080000000 (0x4505) x10 0x0000000000000001',
    'core   0: 3 0x0000000080000002 (0x00150513) x10 0x0000000000000002',
  ]);
});
