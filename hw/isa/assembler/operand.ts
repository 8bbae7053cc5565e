import { csrByName } from '../csr/index.ts';
import { encodeRow, EncodingError } from '../encoder.ts';
import { floatRegisterNumber, floatRegisterSpellings } from '../float-registers.ts';
import type { OperandName } from '../instructions/encoding.ts';
import { operandsIn, type SyntaxOperand } from '../instructions/syntax.ts';
import { registerNumber, registerSpellings } from '../registers.ts';
import { roundingModeNamed, roundingModeSpellings } from '../rounding-mode.ts';
import { AssemblyError, unknownName } from './assembly-error.ts';
import { evaluate, type Scope } from './constant-expression.ts';
import type { WrittenInstruction } from './expansion.ts';
import type { Position, Token } from './scanner.ts';

const STACK_POINTER = 2;

type Values = Partial<Record<OperandName, number | bigint>>;

/** The register that an operand names. */
export function registerOf(tokens: readonly Token[], end: Position): number {
  return named({ what: 'register', find: registerNumber, known: registerSpellings }, tokens, end);
}

/** Numbers that assembly writes as words of one kind. */
interface Words {
  readonly what: string;
  readonly find: (name: string) => number | undefined;
  readonly known: readonly string[];
}

const floatRegisters: Words = {
  what: 'floating-point register',
  find: floatRegisterNumber,
  known: floatRegisterSpellings,
};

const roundingModes: Words = {
  what: 'rounding mode',
  find: roundingModeNamed,
  known: roundingModeSpellings,
};

/** The number behind an operand that is one word. */
function named({ what, find, known }: Words, tokens: readonly Token[], end: Position): number {
  const [token, extra] = tokens;
  if (token === undefined) throw new AssemblyError(end, `a ${what} is missing`);
  if (extra !== undefined) throw new AssemblyError(extra, `unexpected '${extra.text}'`);
  const number = find(token.text);
  if (number === undefined) throw new AssemblyError(token, unknownName(what, token.text, known));
  return number;
}

/** Accepts only `sp`, which fills no operand. */
function stackPointer(tokens: readonly Token[], end: Position): Values {
  if (registerOf(tokens, end) === STACK_POINTER) return {};
  throw new AssemblyError(tokens[0] ?? end, 'this instruction works on sp only');
}

function addressOf(
  { base, offset }: Extract<SyntaxOperand, { form: 'address' }>,
  tokens: readonly Token[],
  scope: Scope,
  end: Position,
): Values {
  const open = tokens.length - 3;
  if (tokens[open]?.text !== '(' || tokens.at(-1)?.text !== ')') {
    throw new AssemblyError(tokens[0] ?? end, 'expected an address such as 8(a0)');
  }
  const inParentheses = tokens.slice(open + 1, -1);
  const register: Values =
    base === 'sp' ? stackPointer(inParentheses, end) : { rs1: registerOf(inParentheses, end) };
  const before = tokens.slice(0, open);
  const imm = before.length === 0 ? 0n : evaluate(before, scope, end);
  if (offset !== undefined) return { ...register, [offset]: imm };
  if (imm !== 0n) throw new AssemblyError(before[0] ?? end, 'this instruction takes no offset');
  return register;
}

function csrOf(tokens: readonly Token[], scope: Scope, end: Position): bigint {
  const [token, ...rest] = tokens;
  if (token?.kind !== 'name' || rest.length > 0) return evaluate(tokens, scope, end);
  const value = csrByName.get(token.text)?.address ?? scope.find(token);
  if (value !== undefined) return BigInt(value);
  throw new AssemblyError(token, unknownName('CSR', token.text, csrByName.keys()));
}

const fenceBits = new Map([
  ['i', 8],
  ['o', 4],
  ['r', 2],
  ['w', 1],
]);

function fenceSetOf(tokens: readonly Token[], end: Position): number {
  const [token] = tokens;
  if (token === undefined) throw new AssemblyError(end, 'a set of i, o, r, w is missing');
  if (token.text === '0') return 0;
  let set = 0;
  for (const letter of token.text) {
    const bit = fenceBits.get(letter);
    if (bit === undefined)
      throw new AssemblyError(token, `'${token.text}' is not a set of i, o, r, w`);
    set |= bit;
  }
  return set;
}

function valuesOf(
  operand: SyntaxOperand,
  tokens: readonly Token[],
  scope: Scope,
  end: Position,
): Values {
  switch (operand.form) {
    case 'register':
      return { [operand.name]: registerOf(tokens, end) };
    case 'floatRegister':
      return { [operand.name]: named(floatRegisters, tokens, end) };
    case 'roundingMode':
      return { rm: named(roundingModes, tokens, end) };
    case 'number': {
      const value = evaluate(tokens, scope, end) << BigInt(operand.shift);
      // A shifted number is written without its sign: 0xfffff is what -1 becomes.
      const wraps = operand.shift > 0 && value > 0n && value < 1n << 32n;
      return { [operand.name]: wraps ? BigInt.asIntN(32, value) : value };
    }
    case 'target':
      return { imm: BigInt.asIntN(64, evaluate(tokens, scope, end) - scope.location) };
    case 'address':
      return addressOf(operand, tokens, scope, end);
    case 'csr':
      return { csr: csrOf(tokens, scope, end) };
    case 'stackPointer':
      return stackPointer(tokens, end);
    case 'fenceSet':
      return { [operand.name]: fenceSetOf(tokens, end) };
  }
}

function describe(operand: SyntaxOperand): string {
  if (operand.form === 'stackPointer') return 'sp';
  return operand.form === 'address' ? 'address' : operandsIn(operand).join(', ');
}

/** The instruction word, or 16-bit parcel, of a written instruction. */
export function encodeWritten(written: WrittenInstruction, scope: Scope): number {
  const { row, mnemonic, operands, aq, rl } = written;
  const { line, column, text } = mnemonic;
  const end = operands.flat().at(-1) ?? { line, column: column + text.length };
  const surplus = operands[row.syntax.length];
  if (surplus !== undefined) {
    throw new AssemblyError(
      surplus[0] ?? end,
      `${row.name} has ${String(row.syntax.length)} operands`,
    );
  }
  let values: Values = { aq, rl };
  if (aq === 0 && rl === 0) values = {};
  for (const [index, operand] of row.syntax.entries()) {
    const tokens = operands[index];
    if (tokens === undefined && operand.form === 'roundingMode') {
      values = { ...values, rm: operand.usual };
      continue;
    }
    if (tokens === undefined) {
      throw new AssemblyError(end, `${row.name} misses its operand ${describe(operand)}`);
    }
    values = { ...values, ...valuesOf(operand, tokens, scope, end) };
  }
  try {
    return encodeRow(row, values);
  } catch (error) {
    if (error instanceof EncodingError) throw new AssemblyError(mnemonic, error.message);
    throw error;
  }
}
