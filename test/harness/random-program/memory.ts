import fc from 'fast-check';
import { type Instruction, registerName } from '../../../hw/isa/index.ts';
import { resultName } from './compute.ts';
import type { Environment } from './environment.ts';
import { type Item, weighted } from './item.ts';
import { ALIAS_COUNT, ALIAS_DISTANCE, pointers, Register } from './layout.ts';
import { compressedOfClass, instructionOf, rowsOfClass } from './rows.ts';

const isPlain = ({ extension }: Instruction): boolean => extension !== 'h' && extension !== 'dv';
const everything = { compressed: true, float: true };
const guest = rowsOfClass(everything, 'load', 'store').filter((row) => !isPlain(row));
const atomic = rowsOfClass(everything, 'atomic');
const cacheBlock = rowsOfClass(everything, 'cacheBlock', 'cacheBlockZero');

const plainOf = (env: Environment): Instruction[] =>
  rowsOfClass(env, 'load', 'store').filter(isPlain);

const calmPointer = fc.constantFrom(2, 8, 9, 21);
const anyPointer = fc.constantFrom(...Register.pointers);
/** Near the pointer, so that accesses meet each other and boundaries. */
const aligned = fc.integer({ min: -4, max: 4 }).map((step) => step * 8);
const anyOffset = fc.oneof(
  { weight: 5, arbitrary: aligned },
  { weight: 3, arbitrary: fc.integer({ min: -24, max: 24 }) },
  { weight: 1, arbitrary: fc.integer({ min: -2048, max: 2047 }) },
);

/** LR and SC with something between that may end the reservation. */
function reserved(pointer: fc.Arbitrary<number>, between: fc.Arbitrary<Item>): fc.Arbitrary<Item> {
  return fc
    .record({
      at: pointer.map(registerName),
      elsewhere: pointer.map(registerName),
      size: fc.constantFrom('w', 'd'),
      other: fc.constantFrom('w', 'd'),
      ordering: fc.constantFrom('', '.aq', '.rl', '.aqrl'),
      isSame: fc.integer({ min: 0, max: 3 }).map((choice) => choice > 0),
      between: fc.array(between, { maxLength: 3 }),
      rd: resultName,
    })
    .map(({ at, elsewhere, size, other, ordering, isSame, between: items, rd }) => [
      `lr.${size}${ordering} ${rd}, (${at})`,
      ...items,
      isSame ? `sc.${size}${ordering} t3, a2, (${at})` : `sc.${other} t3, a3, (${elsewhere})`,
    ]);
}

/** Loads from pages that share a set of the TLB. */
const sweep: fc.Arbitrary<Item> = fc
  .tuple(fc.array(fc.nat({ max: ALIAS_COUNT - 1 }), { minLength: 2, maxLength: 5 }), resultName)
  .map(([pages, rd]) =>
    pages.flatMap((page) => [
      `li s10, ${String((pointers['s5'] ?? 0) + page * ALIAS_DISTANCE)}`,
      `lw ${rd}, 4(s10)`,
    ]),
  );

/** Loads, stores and atomics in memory that is there, each naturally aligned or split by hardware. */
function calmAccesses(env: Environment): fc.Arbitrary<Item> {
  const { compressed, misaligned, mode, stage1 } = env;
  const plain = plainOf(env);
  const short = compressedOfClass(env, 'load', 'store');
  // Without stage 1 there are no aliases.
  const isFlat = stage1 === 'bare' || mode === 'M';
  const pointer = isFlat ? fc.constantFrom(2, 8, 9) : calmPointer;
  const offset = misaligned === 'trap' ? aligned : anyOffset;
  const access = instructionOf(plain, { rs1: pointer, imm: offset });
  const shortPointer = fc.constantFrom(...Register.shortPointers);
  return weighted(
    [12, access],
    [compressed ? 8 : 0, instructionOf(short, { rs1: shortPointer })],
    [3, instructionOf(atomic, { rs1: pointer })],
    [2, reserved(pointer, access)],
    [1, instructionOf(cacheBlock, { rs1: pointer })],
    [isFlat ? 0 : 1, sweep],
  );
}

/** Loads, stores and atomics, some of which fault. */
export function memory(env: Environment): fc.Arbitrary<Item> {
  const { compressed } = env;
  const plain = plainOf(env);
  const short = compressedOfClass(env, 'load', 'store');
  const access = instructionOf(plain, { rs1: anyPointer, imm: anyOffset });
  const hostile = weighted(
    [12, access],
    [1, instructionOf(plain)],
    [compressed ? 1 : 0, instructionOf(short)],
    [3, instructionOf(atomic, { rs1: anyPointer })],
    [2, reserved(anyPointer, access)],
    [1, instructionOf(guest, { rs1: anyPointer })],
    [1, sweep],
  );
  return weighted([env.isCalm ? 30 : 2, calmAccesses(env)], [env.isCalm ? 1 : 2, hostile]);
}
