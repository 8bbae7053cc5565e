import fc from 'fast-check';
import { csrs, registerName } from '../../../hw/isa/index.ts';
import { resultName } from './compute.ts';
import type { Environment } from './environment.ts';
import type { ProgramMode } from './handlers.ts';
import { type Item, weighted } from './item.ts';
import { DATA, Register, TABLE_WINDOW } from './layout.ts';

const counters = ['cycle', 'instret', 'time', 'mcycle', 'minstret', 'hpmcounter3', 'mhpmcounter3'];
const readable = ['sscratch', 'mscratch', 'sepc', 'scause', 'stval', 'sstatus', 'mstatus', 'mepc'];
const scratch = [
  'sscratch',
  'vsscratch',
  'uscratch',
  'stval',
  'utval',
  'scause',
  'vscause',
  'vsepc',
];
const writable = [
  ...scratch,
  ...['mscratch', 'mtval', 'mcycle', 'minstret', 'mcountinhibit', 'mhpmevent3', 'mhpmcounter3'],
];
const source = fc.constantFrom(...Register.sources).map(registerName);

const read: fc.Arbitrary<Item> = fc
  .tuple(
    resultName,
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...counters) },
      { weight: 3, arbitrary: fc.constantFrom(...readable) },
      { weight: 1, arbitrary: fc.constantFrom(...csrs.map(({ name }) => name)) },
    ),
  )
  .map(([rd, csr]) => `csrr ${rd}, ${csr}`);

const counter: fc.Arbitrary<Item> = fc
  .tuple(resultName, fc.constantFrom('cycle', 'instret', 'time'))
  .map(([rd, csr]) => `csrr ${rd}, ${csr}`);

/** Any of the six instructions, the operand 0 included. */
function writeOf(names: readonly string[]): fc.Arbitrary<Item> {
  const name = fc.constantFrom('csrrw', 'csrrs', 'csrrc');
  const csr = fc.constantFrom(...names);
  const register = fc.oneof({ weight: 6, arbitrary: source }, fc.constant('zero'));
  return fc.oneof(
    fc
      .tuple(name, resultName, csr, register)
      .map(([row, rd, to, rs]) => `${row} ${rd}, ${to}, ${rs}`),
    fc
      .tuple(name, resultName, csr, fc.nat({ max: 31 }))
      .map(([row, rd, to, value]) => `${row}i ${rd}, ${to}, ${String(value)}`),
  );
}

const supervisorWrite = writeOf(['sscratch', 'stval', 'scause']);
const write = writeOf(writable);

const trap: fc.Arbitrary<Item> = fc.constantFrom(
  'ecall',
  'ebreak',
  '.word 0xffffffff',
  '.word 0x0000000b',
  'csrr a0, 0x8ff',
  'sret',
  'mret',
);

/** Asks the handler of M to go on in another mode. */
const changeMode: fc.Arbitrary<Item> = fc
  .nat({ max: 3 })
  .map((choice) => [`li a7, ${String(choice)}`, 'ecall']);

const userFence: fc.Arbitrary<Item> = fc.constantFrom('fence', 'fence rw, w', 'fence.i');

const invalidations = [
  'sinval.vma zero, zero',
  'sinval.vma s1, zero',
  'sfence.w.inval',
  'sfence.inval.ir',
];
const guestFence: fc.Arbitrary<Item> = fc.constantFrom(
  ...['fence.i', 'sfence.vma', 'sfence.vma s1', ...invalidations],
);

const fence: fc.Arbitrary<Item> = fc.constantFrom(
  'fence',
  'fence rw, w',
  'fence.i',
  'sfence.vma',
  'sfence.vma s1',
  'sfence.vma s2, zero',
  'hfence.vvma',
  'hfence.gvma',
  'hfence.gvma s1, zero',
  ...invalidations,
  'hinval.vvma s1, zero',
  'hinval.gvma zero, zero',
);

/** Flags and dynamic rounding mode, the reserved ones too. */
const floatControl: fc.Arbitrary<Item> = fc.oneof(
  resultName.map((rd) => `csrr ${rd}, fcsr`),
  resultName.map((rd) => `csrrwi ${rd}, fflags, 0`),
  fc.integer({ min: 0, max: 7 }).map((mode) => `csrwi frm, ${String(mode)}`),
);

/** Fields that change what loads and stores may reach. */
const reach: fc.Arbitrary<Item> = fc
  .tuple(
    fc.constantFrom('csrs', 'csrc'),
    fc.constantFrom('sstatus', 'mstatus', 'vsstatus'),
    // FS, SUM, MXR, MPRV and MPP.
    fc.constantFrom(
      3 << 13,
      1 << 18,
      1 << 19,
      (1 << 18) | (1 << 19),
      1 << 17,
      (1 << 17) | (1 << 11),
    ),
  )
  .map(([name, csr, bits]) => [`li s10, ${String(bits)}`, `${name} ${csr}, s10`]);

const softwareInterrupt: fc.Arbitrary<Item> = fc.constantFrom(
  'csrsi sip, 2',
  'csrsi mip, 2',
  'csrsi hvip, 4',
  'csrci mstatus, 8',
  'csrsi mstatus, 8',
  'csrsi sstatus, 2',
);

/** Changes bits of the entry of a data page, with or without a fence. */
const remap: fc.Arbitrary<Item> = fc
  .tuple(
    fc.constantFrom(0, 1, 2, 3),
    // V, R, W, U, A and D.
    fc.constantFrom(0x01, 0x02, 0x04, 0x10, 0x40, 0x80),
    fc.constantFrom('', 'sfence.vma', 'sfence.vma s1', 'hfence.vvma'),
  )
  .map(([page, bit, after]) => [
    `li s10, ${String(TABLE_WINDOW + (((DATA >>> 12) + page) & 511) * 8)}`,
    'ld t3, 0(s10)',
    `xori t3, t3, ${String(bit)}`,
    'sd t3, 0(s10)',
    after,
  ]);

/** An entry of protection for some bytes of a data page, in front of the one that allows everything. */
const protection: fc.Arbitrary<Item> = fc
  .tuple(
    fc.constantFrom(DATA / 4 + 0xff, DATA / 4 + 0x1ff, (DATA + 0x1000) / 4 + 7),
    fc.nat({ max: 7 }),
    // Off, NA4 and NAPOT.
    fc.constantFrom(0x00, 0x10, 0x18),
  )
  .map(([address, rights, match]) => [
    `li s10, ${String(address)}`,
    'csrw pmpaddr0, s10',
    'csrr s10, pmpcfg0',
    'andi t3, s10, 0xff',
    'sub s10, s10, t3',
    `ori s10, s10, ${String(rights | match)}`,
    'csrw pmpcfg0, s10',
  ]);

/** Lets a timer of supervisors expire soon. */
const timer: fc.Arbitrary<Item> = fc
  .tuple(fc.constantFrom('stimecmp', 'vstimecmp'), fc.nat({ max: 4 }))
  .map(([csr, ticks]) => ['csrr t3, time', `addi t3, t3, ${String(ticks)}`, `csrw ${csr}, t3`]);

/** Turns stage 1 off and on again, with another address space number. */
const switchSpace: fc.Arbitrary<Item> = fc
  .tuple(
    fc.constantFrom('satp', 'vsatp'),
    fc.constantFrom(0n, 1n << 44n, (8n << 60n) | (2n << 44n)),
  )
  .map(([csr, flip]) => [
    `csrr t3, ${csr}`,
    `li s10, ${String(flip)}`,
    'xor t3, t3, s10',
    `csrw ${csr}, t3`,
  ]);

const free: Readonly<Record<ProgramMode, fc.Arbitrary<Item>>> = {
  M: weighted(
    [3, read],
    [3, write],
    [2, fence],
    [1, reach],
    [1, softwareInterrupt],
    [1, changeMode],
    [1, timer],
  ),
  S: weighted([2, counter], [1, supervisorWrite], [2, fence], [1, remap], [1, switchSpace]),
  U: weighted([4, counter], [2, userFence], [1, fc.constantFrom('ecall', 'ebreak')]),
  VS: weighted([2, counter], [1, supervisorWrite], [2, guestFence], [1, remap], [1, switchSpace]),
  VU: weighted([4, counter], [2, userFence], [1, fc.constantFrom('ecall', 'ebreak')]),
};

/** System instructions: of a calm program those that its mode may use, else any. */
export function system({ float, isCalm, mode }: Environment): fc.Arbitrary<Item> {
  const any = weighted(
    [6, read],
    [2, write],
    [2, trap],
    [2, changeMode],
    [2, fence],
    [2, reach],
    [1, softwareInterrupt],
    [2, remap],
    [1, switchSpace],
    [1, protection],
    [1, timer],
  );
  return weighted(
    [isCalm ? 20 : 2, free[mode]],
    [isCalm ? 1 : 2, any],
    [float ? (isCalm ? 10 : 1) : 0, floatControl],
  );
}
