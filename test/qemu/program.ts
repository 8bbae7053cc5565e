import fc from 'fast-check';
import { skip } from '../harness/random-program/flow.ts';
import { type Item, render, weighted } from '../harness/random-program/item.ts';
import {
  compressedOfClass,
  computing,
  computingShort,
  instructionOf,
  rowsOfClass,
} from '../harness/random-program/rows.ts';

/** What the random part of a program runs in. */
interface Setting {
  readonly mode: 'M' | 'S' | 'U';
  readonly translation: 'bare' | 'sv39';
}

const everything = { compressed: true, float: true };
const isBase = ({ extension }: { readonly extension: string }): boolean =>
  extension !== 'h' && extension !== 'dv';
const accesses = rowsOfClass(everything, 'load', 'store').filter(isBase);
// QEMU 7.2 counts the zeros of all 64 bits.
const isRight = ({ name }: { readonly name: string }): boolean => name !== 'ctzw';
const integers = computing({ compressed: true, float: false }).filter(isRight);
const floats = computing(everything).filter(isRight);
const atomics = rowsOfClass(everything, 'atomic');
const shortAccesses = compressedOfClass(everything, 'load', 'store');

// sp, s0, s1 and s2 point to data; s3 to nothing; s4 to data that cannot be written if translation is on.
const anyPointer = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(2, 8, 9, 18) },
  { weight: 1, arbitrary: fc.constantFrom(19, 20) },
);
const offset = fc.oneof(
  fc.integer({ min: -16, max: 16 }).map((step) => step * 8),
  fc.integer({ min: -200, max: 200 }),
);

const straight: fc.Arbitrary<Item> = weighted(
  [10, instructionOf(integers)],
  [10, instructionOf(floats)],
  [8, instructionOf(computingShort(everything))],
  [8, instructionOf(accesses, { rs1: anyPointer, imm: offset })],
  [4, instructionOf(shortAccesses, { rs1: fc.constantFrom(8, 9) })],
  // QEMU 7.2 reports what an AMO may not store as a load.
  [3, instructionOf(atomics, { rs1: fc.constantFrom(2, 8, 9, 18) })],
  [
    1,
    fc
      .tuple(fc.constantFrom('w', 'd'), fc.constantFrom('s0', 's2'))
      .map(([size, at]): Item => [`lr.${size} a0, (${at})`, `sc.${size} a1, a2, (${at})`]),
  ],
  [1, fc.constantFrom('ebreak', '.word 0xffffffff', 'fence', 'fence.i', 'csrr a0, fcsr')],
  [1, fc.integer({ min: 0, max: 4 }).map((mode): Item => `csrwi frm, ${String(mode)}`)],
);

const body = fc.array(weighted([12, straight], [1, skip(straight, false)]), {
  minLength: 150,
  maxLength: 150,
});

const setting: fc.Arbitrary<Setting> = fc.constantFrom(
  { mode: 'M', translation: 'bare' },
  { mode: 'S', translation: 'bare' },
  { mode: 'S', translation: 'sv39' },
  { mode: 'U', translation: 'bare' },
  { mode: 'U', translation: 'sv39' },
);

const registers = Array.from({ length: 30 }, (_, index) => index).filter((number) => number > 0);
const floatRegisters = Array.from({ length: 32 }, (_, index) => index);

/** Values with corners among them, half of them singles in their boxes. */
function dwords(seed: number, count: number): readonly string[] {
  const corners = [
    '0',
    '1 << 63',
    '0x3ff0000000000000',
    '0x7ff0000000000000',
    '0x7ff0000000000001',
  ];
  const boxed = ['0xffffffff3f800000', '0xffffffff00000001', '0xffffffff7f800001'];
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state ^ (state >>> 15)) >>> 0;
  };
  return Array.from({ length: count }, () => {
    const corner = [...corners, ...boxed][next() % 16];
    return `.dword ${corner ?? String((BigInt(next()) << 32n) | BigInt(next()))}`;
  });
}

function programText(
  { mode, translation }: Setting,
  lines: readonly string[],
  seed: number,
): string {
  const previous = { M: 3, S: 1, U: 0 }[mode] << 11;
  const isOn = translation === 'sv39';
  const nothing = isOn ? '0x40000000' : '0x0a000000';
  return `
    la t0, handler
    csrw mtvec, t0
    li t0, 0x7800
    csrc mstatus, t0
    li t0, ${String(0x6000 | previous)}
    csrs mstatus, t0
    li t0, -1
    csrw pmpaddr0, t0
    li t0, 0x1f
    csrw pmpcfg0, t0
    la t0, log
    csrw mscratch, t0
    la t0, root
    srli t0, t0, 12
    li t1, ${isOn ? '8 << 60' : '0'}
    or t0, t0, t1
    ${isOn ? 'csrw satp, t0' : ''}
    sfence.vma
    la t0, begin
    csrw mepc, t0
    la t6, values
    ${floatRegisters.map((number) => `fld f${String(number)}, ${String(8 * number)}(t6)`).join('\n')}
    ${registers.map((number) => `ld x${String(number)}, ${String(256 + 8 * number)}(t6)`).join('\n')}
    la sp, data + 0x100
    la s0, data + 0x800
    la s1, data + 0x1000
    la s2, data + 0x1800
    li s3, ${nothing}
    la s4, data
    li t5, ${isOn ? '0x40000000' : '0'}
    add s4, s4, t5
    mret
  begin:
    ${lines.join('\n')}
    ecall

  # Notes cause, place and value; goes on behind the instruction, or prints everything after a call.
  .balign 4
  handler:
    csrrw t6, mscratch, t6
    csrr t5, mcause
    sd t5, 0(t6)
    csrr t5, mepc
    sd t5, 8(t6)
    csrr t5, mtval
    sd t5, 16(t6)
    addi t6, t6, 24
    csrrw t6, mscratch, t6
    csrr t5, mcause
    addi t5, t5, -8
    sltiu t5, t5, 4
    bnez t5, print
    csrr t5, mepc
    lhu t5, 0(t5)
    andi t5, t5, 3
    sltiu t5, t5, 3
    slli t5, t5, 1
    addi t5, t5, -4
    csrr t6, mepc
    sub t6, t6, t5
    csrw mepc, t6
    mret
  print:
    la t6, results
    ${registers.map((number) => `sd x${String(number)}, ${String(8 * number)}(t6)`).join('\n')}
    ${floatRegisters.map((number) => `fsd f${String(number)}, ${String(256 + 8 * number)}(t6)`).join('\n')}
    csrr t0, fcsr
    sd t0, 512(t6)
    csrr t0, mstatus
    srli t0, t0, 13
    andi t0, t0, 3
    sd t0, 520(t6)
    la s0, results
    la s1, end
    li s2, 0x10000000
  next:
    ld a0, 0(s0)
    li a1, 60
  digit:
    srl a2, a0, a1
    andi a2, a2, 15
    addi a2, a2, 48
  busy:
    lbu a3, 5(s2)
    andi a3, a3, 32
    beqz a3, busy
    sb a2, 0(s2)
    addi a1, a1, -4
    bgez a1, digit
    addi s0, s0, 8
    bltu s0, s1, next
    li a0, 0x100000
    li a1, 0x5555
    sw a1, 0(a0)
  stop: j stop

  .balign 4096
  root: .zero 16
    .dword (0x80000000 >> 2) | 0x${mode === 'U' ? 'df' : 'cf'}
    .dword (0x80000000 >> 2) | 0x${mode === 'U' ? '53' : '43'}
    .zero 4064
  values:
    ${dwords(seed, 64).join('\n')}
  .balign 8
  results: .zero 528
  log: .zero 2400
  .balign 4096
  data:
    ${dwords(seed + 1, 1024).join('\n')}
  end:
  `;
}

/** Any program that prints what became of registers, flags, exceptions and memory. */
export const qemuProgram: fc.Arbitrary<string> = fc
  .tuple(setting, body, fc.integer())
  .map(([where, items, seed]) => {
    let count = 0;
    return programText(
      where,
      render(items, () => count++),
      seed,
    );
  });
