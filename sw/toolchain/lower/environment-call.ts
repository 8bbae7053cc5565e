import { registers } from '../assembly/register.ts';
import { zeroValue, type VirtualRegister } from '../lir/virtual-register.ts';
import type { Call } from '../wasm/expression.ts';
import type { Lowering } from './lowering.ts';
import { lowerOperands } from './operand.ts';

const { a0, a1, a2, a3, a4, a5, a6, a7 } = registers;
const argumentRegisters = [a0, a1, a2, a3, a4, a5];

/** Lowers `ecallN(number, …)` and `sbi_ecallN(extension, function, …)`; a1 is kept for `ecall_value`. */
export function lowerEnvironmentCall(
  l: Lowering,
  name: string,
  e: Call,
  want: VirtualRegister | undefined,
): VirtualRegister {
  const selectors = name.startsWith('sbi_') ? [a7, a6] : [a7];
  const result = want ?? l.newRegister();
  l.environmentValue ??= l.newRegister();
  const operands = lowerOperands(l, e.operands);
  l.emit({
    kind: 'environmentCall',
    mnemonic: 'ecall',
    operands,
    operandRegisters: [...selectors, ...argumentRegisters].slice(0, operands.length),
    definitions: [result === zeroValue ? l.newRegister() : result, l.environmentValue],
  });
  return result;
}

/** Lowers `ecall_value()`: a copy, because a later environment call overwrites the register. */
export function lowerEnvironmentValue(
  l: Lowering,
  e: Call,
  want: VirtualRegister | undefined,
): VirtualRegister {
  if (l.environmentValue === undefined) {
    return l.fail('ecall_value has no environment call before it in this function', e.at);
  }
  const copy = want ?? l.newRegister();
  l.move(copy, l.environmentValue);
  return copy;
}
