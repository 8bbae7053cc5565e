import test from 'ava';
import { type Operation, OperationTable } from '../../../../hw/engine/compiled/operations.ts';
import { FIRST_OPERATION } from '../../../../hw/engine/compiled/packed-entry.ts';
import { type Instruction, instructions } from '../../../../hw/isa/index.ts';

const table = new OperationTable(instructions, true);

function named(name: string): Instruction {
  const found = instructions.find((instruction) => instruction.name === name);
  if (found === undefined) throw new Error(`no instruction is called ${name}`);
  return found;
}

const numberOf = (name: string): number | undefined => table.numberOf(named(name), undefined);

test('an instruction with an immediate operand shares the operation of the one that computes the same of two registers', (t) => {
  for (const [register, immediate] of [
    ['add', 'addi'],
    ['sll', 'slli'],
    ['srlw', 'srliw'],
    ['sltu', 'sltiu'],
  ] as const) {
    t.is(numberOf(immediate), numberOf(register), register);
    t.true(table.hasBothForms(named(register)) && table.hasBothForms(named(immediate)), register);
  }
});

test('what only looks alike keeps an operation of its own', (t) => {
  t.not(numberOf('sra'), numberOf('srli'));
  t.not(numberOf('addw'), numberOf('addi'));
  t.not(numberOf('slt'), numberOf('sltiu'));
  for (const name of ['sub', 'mul', 'ld', 'lui']) t.false(table.hasBothForms(named(name)), name);
});

test('every pair has a number of its own that leads back to its first operation', (t) => {
  const numbers = new Map<Operation, number>();
  table.operations.forEach((operation, index) => numbers.set(operation, FIRST_OPERATION + index));
  t.true(table.pairs.length > 0);
  table.pairs.forEach(({ first, second }, index) => {
    const [one = 0, two = 0] = [numbers.get(first), numbers.get(second)];
    const pair = table.joined(one, two);
    t.is(pair, FIRST_OPERATION + table.operations.length + index);
    t.is(table.firstOf(pair), one);
    t.is(first.transfer, undefined);
  });
  t.true(FIRST_OPERATION + table.operations.length + table.pairs.length <= 0x100);
});

test('without pairs every operation stays alone', (t) => {
  const alone = new OperationTable(instructions, false);
  const numbers = alone.operations.map((_, index) => FIRST_OPERATION + index);
  t.is(alone.pairs.length, 0);
  t.true(numbers.every((one) => numbers.every((two) => alone.joined(one, two) === one)));
});
