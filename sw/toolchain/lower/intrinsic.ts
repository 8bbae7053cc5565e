import { instructionByName, operandsIn, type Instruction } from '../../../hw/isa/index.ts';
import { zeroValue, type VirtualRegister } from '../lir/virtual-register.ts';
import type { Call, Expression } from '../wasm/expression.ts';
import { lowerTableEntry } from './function-table.ts';
import { lowerEnvironmentCall, lowerEnvironmentValue } from './environment-call.ts';
import { constantOf } from './local-facts.ts';
import type { Lowering } from './lowering.ts';
import { lowerAddress } from './memory.ts';
import { lowerLowBits, lowerOperands, lowerValue } from './operand.ts';

type Want = VirtualRegister | undefined;

/** WebAssembly module name under which `sw/shared/rv.ts` imports its functions. */
export const intrinsicModule = 'rv';

const loads = new Set(['ld', 'lw', 'lwu', 'lh', 'lhu', 'lb', 'lbu']);
const stores = new Set(['sd', 'sw', 'sh', 'sb']);
const arithmetic = new Set(['mulh', 'mulhu', 'mulhsu']);
const csrRows = new Map([
  ['csrr', 'csrrs'],
  ['csrw', 'csrrw'],
  ['csrs', 'csrrs'],
  ['csrc', 'csrrc'],
  ['csrrw', 'csrrw'],
  ['csrrs', 'csrrs'],
  ['csrrc', 'csrrc'],
]);

function operand(l: Lowering, e: Call, index: number): Expression {
  return e.operands[index] ?? l.fail(`intrinsic lacks operand ${index + 1}`, e.at);
}

function constantOperand(l: Lowering, name: string, e: Call, index: number): bigint {
  const constant = constantOf(operand(l, e, index));
  if (constant !== undefined) return constant;
  return l.fail(`operand ${index + 1} of ${name} is not a compile-time constant`, e.at);
}

function stringOperand(l: Lowering, name: string, e: Call): string {
  const text = l.image.stringAt(constantOperand(l, name, e, 0));
  return text ?? l.fail(`operand 1 of ${name} is not a string literal`, e.at);
}

/** Lowers a call of a function that `sw/shared/rv.ts` declares. */
export function lowerIntrinsic(l: Lowering, name: string, e: Call, want: Want): VirtualRegister {
  if (loads.has(name)) return lowerVolatileLoad(l, name, e, want);
  if (stores.has(name)) return lowerVolatileStore(l, name, e);
  if (csrRows.has(name)) return lowerCsrAccess(l, name, e, want);
  if (arithmetic.has(name)) {
    const [a = zeroValue, b = zeroValue] = lowerOperands(l, e.operands);
    return l.compute(name, a, b, want);
  }
  if (/^(sbi_)?ecall[0-6]$/.test(name)) return lowerEnvironmentCall(l, name, e, want);
  switch (name) {
    case 'ecall_value':
      return lowerEnvironmentValue(l, e, want);
    case 'fence':
      return lowerFence(l, e);
    case 'cstr':
      return l.address(l.image.textSymbol(stringOperand(l, name, e)));
    case 'sym_addr':
      return l.address(stringOperand(l, name, e));
    case 'function_address':
      return lowerFunctionAddress(l, e, want);
    case 'probe':
      l.emit({ kind: 'probe', mnemonic: 'probe', symbol: stringOperand(l, name, e) });
      return zeroValue;
    case 'tp':
      return l.emitValue({ kind: 'machine', mnemonic: 'read tp' }, want);
    case 'sp':
      return l.emitValue({ kind: 'machine', mnemonic: 'read sp' }, want);
    case 'set_tp':
      l.emit({ kind: 'machine', mnemonic: 'write tp', a: lowerValue(l, operand(l, e, 0)) });
      return zeroValue;
    default:
      return lowerRow(l, name, e, want);
  }
}

function lowerVolatileLoad(l: Lowering, mnemonic: string, e: Call, want: Want): VirtualRegister {
  const offset = operand(l, e, 1);
  const constant = constantOf(offset);
  const isVolatile = true;
  if (constant !== undefined) {
    const at = lowerAddress(l, operand(l, e, 0), constant);
    const immediate = at.offset;
    return l.emitValue({ kind: 'load', mnemonic, a: at.base, immediate, isVolatile }, want);
  }
  const [base = zeroValue, index = zeroValue] = lowerOperands(l, e.operands);
  const a = l.compute('add', base, index);
  return l.emitValue({ kind: 'load', mnemonic, a, immediate: 0n, isVolatile }, want);
}

function lowerVolatileStore(l: Lowering, mnemonic: string, e: Call): VirtualRegister {
  const value = operand(l, e, 1);
  const constant = constantOf(operand(l, e, 2));
  const isVolatile = true;
  if (constant !== undefined) {
    const { base, offset } = lowerAddress(l, operand(l, e, 0), constant, [value]);
    const b = value.type === 'i32' ? lowerLowBits(l, value) : lowerValue(l, value);
    l.emit({ kind: 'store', mnemonic, a: base, b, immediate: offset, isVolatile });
  } else {
    const [base = zeroValue, b = zeroValue, index = zeroValue] = lowerOperands(l, e.operands);
    const a = l.compute('add', base, index);
    l.emit({ kind: 'store', mnemonic, a, b, immediate: 0n, isVolatile });
  }
  return zeroValue;
}

function lowerCsrAccess(l: Lowering, name: string, e: Call, want: Want): VirtualRegister {
  const immediate = constantOperand(l, name, e, 0);
  const mnemonic = csrRows.get(name) ?? name;
  const operandExpression = e.operands[1];
  const a = operandExpression ? lowerValue(l, operandExpression) : zeroValue;
  const access = { kind: 'csr', mnemonic, immediate, a } as const;
  if (e.type !== undefined) return l.emitValue(access, want);
  l.emit(access);
  return zeroValue;
}

function lowerFence(l: Lowering, e: Call): VirtualRegister {
  const predecessor = constantOperand(l, 'fence', e, 0);
  const successor = constantOperand(l, 'fence', e, 1);
  l.emit({ kind: 'machine', mnemonic: 'fence', immediate: (predecessor << 4n) | successor });
  return zeroValue;
}

function lowerFunctionAddress(l: Lowering, e: Call, want: Want): VirtualRegister {
  const reference = operand(l, e, 0);
  const constant = constantOf(reference);
  const index = constant === undefined ? undefined : l.image.functionIndexAt(constant);
  const callee = index === undefined ? undefined : l.image.module.table[index];
  if (callee !== undefined) return l.address(l.functionSymbol(callee, e.at));
  const object = lowerValue(l, reference);
  const selector = l.emitValue({ kind: 'load', mnemonic: 'lw', a: object, immediate: 0n });
  const address = lowerTableEntry(l, selector);
  if (want === undefined) return address;
  l.move(want, address);
  return want;
}

function registerOperands(row: Instruction): ReadonlySet<string> {
  return new Set<string>(row.syntax.flatMap(operandsIn));
}

/** Any other intrinsic is the row of hw/isa with that name; `_all` forms have x0 for every operand. */
function lowerRow(l: Lowering, name: string, e: Call, want: Want): VirtualRegister {
  const isAll = name.endsWith('_all');
  const dotted = name.replace(/_all$/, '').replaceAll('_', '.');
  const row = instructionByName(dotted);
  if (!row) return l.fail(`there is no intrinsic ${name}`, e.at);
  const has = registerOperands(row);
  const [first, second] = isAll ? [] : lowerOperands(l, e.operands);
  const instruction = {
    kind: 'machine',
    mnemonic: row.name,
    ...(has.has('rs1') ? { a: first ?? zeroValue } : {}),
    ...(has.has('rs2') ? { b: second ?? zeroValue } : {}),
  } as const;
  if (has.has('rd')) return l.emitValue(instruction, want);
  l.emit(instruction);
  return zeroValue;
}
