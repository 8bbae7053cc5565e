import { zeroValue, type VirtualRegister } from '../lir/virtual-register.ts';
import type { Call, CallIndirect } from '../wasm/expression.ts';
import { intrinsicModule, lowerIntrinsic } from './intrinsic.ts';
import { lowerTableEntry } from './function-table.ts';
import type { Lowering } from './lowering.ts';
import { lowerOperands } from './operand.ts';

type Want = VirtualRegister | undefined;

/** Arguments travel in a0-a7 only. */
export const mostParameters = 8;

/** Lowers a direct call: an intrinsic in place, anything else by its symbol. */
export function lowerCall(l: Lowering, e: Call, want: Want): VirtualRegister {
  const callee = l.image.module.functions[e.callee];
  if (callee?.kind === 'imported' && callee.module === intrinsicModule) {
    return lowerIntrinsic(l, callee.name, e, want);
  }
  if (e.operands.length > mostParameters) l.fail('a call passes more than 8 arguments', e.at);
  const operands = lowerOperands(l, e.operands);
  const symbol = l.functionSymbol(e.callee, e.at);
  const call = { kind: 'call', mnemonic: 'call', symbol, operands } as const;
  if (e.type !== undefined) return l.emitValue(call, want);
  l.emit(call);
  return zeroValue;
}

/** Lowers a call through the function table. */
export function lowerCallIndirect(l: Lowering, e: CallIndirect, want: Want): VirtualRegister {
  if (e.operands.length > mostParameters) l.fail('a call passes more than 8 arguments', e.at);
  const values = lowerOperands(l, [...e.operands, e.selector]);
  const selector = values.pop() ?? zeroValue;
  const a = lowerTableEntry(l, selector);
  const call = { kind: 'callRegister', mnemonic: 'jalr', a, operands: values } as const;
  if (e.type !== undefined) return l.emitValue(call, want);
  l.emit(call);
  return zeroValue;
}
