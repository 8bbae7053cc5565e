import { csrByAddress } from './csr/index.ts';
import { decode, operandOf, type Decoded } from './decoder.ts';
import { floatRegisterName } from './float-registers.ts';
import { hints } from './instructions/hints.ts';
import { prefetchOf } from './instructions/prefetch.ts';
import { everyExtension } from './instructions/selection.ts';
import { operandsIn, type SyntaxOperand } from './instructions/syntax.ts';
import { registerName } from './registers.ts';
import { roundingModeName } from './rounding-mode.ts';

const selection = everyExtension();
const STACK_POINTER = 2;
/** Bits of the immediate that tell the prefetch hints apart. */
const IN_PREFETCH = 31n;

/** The hints by the assembly text of the encodings that they borrow. */
const hintsByText = new Map<string, string>(
  Object.entries(hints).map(([name, text]) => [text, name]),
);

function hexadecimal(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}

function target(offset: bigint, pc: bigint | undefined): string {
  if (pc !== undefined) return hexadecimal(BigInt.asUintN(64, pc + offset));
  return offset < 0n ? `. - ${String(-offset)}` : `. + ${String(offset)}`;
}

function fenceSet(set: number): string {
  return (
    Array.from('iorw')
      .filter((_, index) => (set & (8 >> index)) !== 0)
      .join('') || '0'
  );
}

function write(operand: SyntaxOperand, decoded: Decoded, pc: bigint | undefined): string {
  const { imm, csr, expanded, instruction } = decoded;
  switch (operand.form) {
    case 'register':
      return registerName(decoded[operand.name]);
    case 'floatRegister':
      return floatRegisterName(decoded[operand.name]);
    case 'roundingMode':
      return roundingModeName(decoded.rm) ?? '';
    case 'number':
      return operand.shift === 0
        ? String(imm)
        : hexadecimal(BigInt.asUintN(32, imm) >> BigInt(operand.shift));
    case 'target':
      return target(imm, pc);
    case 'address':
      return `${operand.offset === undefined ? '' : String(imm)}(${registerName(decoded.rs1)})`;
    case 'csr':
      return csrByAddress.get(csr)?.name ?? hexadecimal(csr);
    case 'fenceSet':
      return fenceSet(operandOf(instruction, operand.name, expanded));
    case 'stackPointer':
      return registerName(STACK_POINTER);
  }
}

/** Whether assembly has no way to write the word: fields that it leaves out are not 0. */
function isUnwritable({ instruction, compressed, word }: Decoded): boolean {
  const row = compressed ?? instruction;
  const written = new Set<string>(['aq', 'rl', ...row.syntax.flatMap(operandsIn)]);
  return row.encoding.fields.some(
    ({ name }) => !written.has(name) && operandOf(row, name, word) !== 0,
  );
}

function ordering({ instruction, expanded }: Decoded): string {
  const aq = operandOf(instruction, 'aq', expanded) === 0 ? '' : 'aq';
  const rl = operandOf(instruction, 'rl', expanded) === 0 ? '' : 'rl';
  return aq + rl === '' ? '' : `.${aq}${rl}`;
}

/** Assembly text of an instruction; transfers name their target's address if `pc` is given, else its distance. */
export function disassemble(instruction: number | Decoded, pc?: bigint): string {
  const decoded = typeof instruction === 'number' ? decode(instruction, selection) : instruction;
  if (decoded === undefined || isUnwritable(decoded)) {
    const word = typeof instruction === 'number' ? instruction >>> 0 : instruction.word;
    const isParcel = decoded?.length === 2;
    return `${isParcel ? '.half' : '.word'} ${hexadecimal(word)}`;
  }
  const prefetch = decoded.length === 4 ? prefetchOf(decoded.word) : undefined;
  if (prefetch !== undefined) {
    return `${prefetch.name} ${String(decoded.imm & ~IN_PREFETCH)}(${registerName(decoded.rs1)})`;
  }
  const { name, syntax } = decoded.compressed ?? decoded.instruction;
  const operands = syntax
    .filter((operand) => operand.form !== 'roundingMode' || operand.usual !== decoded.rm)
    .map((operand) => write(operand, decoded, pc))
    .join(', ');
  const text = `${name}${ordering(decoded)}${operands === '' ? '' : ' '}${operands}`;
  return hintsByText.get(text) ?? text;
}
