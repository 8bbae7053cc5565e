import { instructionByName, operandsIn } from '../../../hw/isa/index.ts';
import type { BranchMnemonic } from '../lir/block.ts';
import type { CodeBuilder } from './code-builder.ts';
import { csrNumber } from './csr-number.ts';
import type { InstructionMethods, Target } from './macro-assembler.ts';
import { operandForms } from './mnemonics.ts';
import type { Register } from './register.ts';

type OperandValue = number | string | Target;
type Emit = (...operands: OperandValue[]) => void;

/** Operand names of an instruction in assembly order, as its row in hw/isa writes them. */
function operandNamesOf(mnemonic: string): readonly string[] {
  const row = instructionByName(mnemonic);
  if (!row) throw new Error(`there is no instruction ${mnemonic}`);
  return row.syntax.flatMap(operandsIn);
}

function rowEmitter(code: CodeBuilder, mnemonic: string): Emit {
  const names = operandNamesOf(mnemonic);
  return (...values) => {
    if (values.length !== names.length) {
      throw new Error(`${mnemonic} takes ${names.join(', ') || 'no operands'}`);
    }
    const operands = Object.fromEntries(
      names.map((name, k) => {
        const value = values[k];
        if (name === 'csr' && typeof value === 'string') return [name, csrNumber(value)];
        if (typeof value !== 'number') throw new Error(`${mnemonic}: ${name} is not a number`);
        return [name, value];
      }),
    );
    code.instruction(mnemonic, operands);
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

/** One method per instruction of `operandForms`; operands are checked against the rows of hw/isa. */
export function instructionMethods(
  code: CodeBuilder,
  nameOf: (target: Target) => string,
): InstructionMethods {
  const methods: Record<string, Emit> = {};
  for (const [form, mnemonics] of Object.entries(operandForms)) {
    for (const method of mnemonics) {
      const isBranch = form === 'rs1, rs2, target';
      methods[method] = isBranch
        ? branchEmitter(code, method as BranchMnemonic, nameOf)
        : rowEmitter(code, method.replaceAll('_', '.'));
    }
  }
  // The parameter types of each method follow from the same table that the keys come from.
  return methods as unknown as InstructionMethods;
}
