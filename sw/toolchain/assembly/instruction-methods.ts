import { instructions, operandsIn, type Instruction } from '../../../hw/isa/index.ts';
import type { BranchMnemonic } from '../lir/block.ts';
import type { CodeBuilder } from './code-builder.ts';
import { csrNumber } from './csr-number.ts';
import type { InstructionMethods, Target, Unwritten } from './macro-assembler.ts';
import type { Register } from './register.ts';

type OperandValue = number | string | Target;
type Emit = (...operands: OperandValue[]) => void;

/** Emits the instruction of a row; its operands come in assembly order. */
function rowEmitter(code: CodeBuilder, row: Instruction): Emit {
  const names = row.syntax.flatMap(operandsIn);
  return (...values) => {
    if (values.length !== names.length) {
      throw new Error(`${row.name} takes ${names.join(', ') || 'no operands'}`);
    }
    const operands = Object.fromEntries(
      names.map((name, k) => {
        const value = values[k];
        if (name === 'csr' && typeof value === 'string') return [name, csrNumber(value)];
        if (typeof value !== 'number') throw new Error(`${row.name}: ${name} is not a number`);
        return [name, value];
      }),
    );
    code.instruction(row.name, operands);
  };
}

function branchEmitter(
  code: CodeBuilder,
  mnemonic: BranchMnemonic,
  nameOf: (target: Target) => string,
): Emit {
  return (rs1, rs2, target) => {
    const name = nameOf(target as Target);
    code.branch(mnemonic, rs1 as Register, rs2 as Register, name);
  };
}

const unwritten: ReadonlySet<string> = new Set<Unwritten>(['jal', 'fence']);

/** One method per row of hw/isa, under its name with underscores for dots. */
export function instructionMethods(
  code: CodeBuilder,
  nameOf: (target: Target) => string,
): InstructionMethods {
  const methods: Record<string, Emit> = {};
  for (const row of instructions) {
    if (unwritten.has(row.name)) continue;
    methods[row.name.replaceAll('.', '_')] =
      row.timing === 'branch'
        ? branchEmitter(code, row.name as BranchMnemonic, nameOf)
        : rowEmitter(code, row);
  }
  // The parameter types of each method follow from the same rows that the keys come from.
  return methods as unknown as InstructionMethods;
}
