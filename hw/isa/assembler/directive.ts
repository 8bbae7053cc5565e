import { encode } from '../encoder.ts';
import { AssemblyError, unknownName } from './assembly-error.ts';
import { evaluate, type Scope } from './constant-expression.ts';
import { unquote, type Statement, type Token } from './scanner.ts';

/** A part of the output: its size is known at once, its bytes when every label is. */
export interface Chunk {
  readonly size: number;
  emit(scope: Scope): readonly number[];
}

/** What a directive needs: its operands, the names known so far, and a place to define names in. */
export interface DirectiveContext {
  readonly statement: Statement;
  readonly scope: Scope;
  define(name: Token, value: bigint): void;
}

/** The bytes of a number from the lowest up. */
export function littleEndian(value: bigint, size: number): number[] {
  return Array.from({ length: size }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn));
}

const nothing: Chunk = { size: 0, emit: () => [] };

function data(size: number) {
  return ({ statement }: DirectiveContext): Chunk => ({
    size: size * statement.operands.length,
    emit: (scope) =>
      statement.operands.flatMap((tokens) => {
        const value = evaluate(tokens, scope, statement);
        const bits = BigInt(8 * size);
        if (value >= 1n << bits || value < -(1n << (bits - 1n))) {
          const [first = statement] = tokens;
          throw new AssemblyError(first, `${String(value)} does not fit ${String(size)} bytes`);
        }
        return littleEndian(value, size);
      }),
  });
}

function text(terminator: readonly number[]) {
  return ({ statement }: DirectiveContext): Chunk => {
    const bytes = statement.operands.flatMap(([token]) => {
      if (token?.kind !== 'string') {
        throw new AssemblyError(token ?? statement, 'expected a string');
      }
      const codes = Array.from(unquote(token)).map((letter) => letter.codePointAt(0) ?? 0);
      if (codes.some((code) => code > 0x7f)) throw new AssemblyError(token, 'strings are ASCII');
      return [...codes, ...terminator];
    });
    return { size: bytes.length, emit: () => bytes };
  };
}

/** A value that must be known where it stands. */
function known({ statement, scope }: DirectiveContext, index: number): bigint {
  return evaluate(statement.operands[index] ?? [], scope, statement);
}

function size(context: DirectiveContext): number {
  const value = known(context, 0);
  if (value < 0n || value > 0x1000_0000n) {
    throw new AssemblyError(context.statement, `${String(value)} is not a size`);
  }
  return Number(value);
}

function zeros(context: DirectiveContext): Chunk {
  const length = size(context);
  return { size: length, emit: () => Array.from({ length }, () => 0) };
}

/** Fills up to a boundary: zeros until a word starts, then `nop`, so that code can run through. */
function alignTo(boundary: number, { scope }: DirectiveContext): Chunk {
  const length = Number(BigInt.asUintN(64, -scope.location) % BigInt(boundary));
  const nop = littleEndian(BigInt(encode('addi', { rd: 0, rs1: 0, imm: 0 })), 4);
  const bytes = Array.from({ length }, (_, index) => {
    const fromEnd = length - index;
    return fromEnd > length - (length % 4) ? 0 : (nop[(4 - (fromEnd % 4)) % 4] ?? 0);
  });
  return { size: length, emit: () => bytes };
}

function balign(context: DirectiveContext): Chunk {
  const boundary = size(context);
  if (boundary === 0 || (boundary & (boundary - 1)) !== 0) {
    throw new AssemblyError(context.statement, `${String(boundary)} is not a power of two`);
  }
  return alignTo(boundary, context);
}

function align(context: DirectiveContext): Chunk {
  const power = size(context);
  if (power > 16) throw new AssemblyError(context.statement, `2^${String(power)} is too large`);
  return alignTo(2 ** power, context);
}

function equ(context: DirectiveContext): Chunk {
  const name = context.statement.operands[0]?.[0];
  if (name?.kind !== 'name') throw new AssemblyError(name ?? context.statement, 'expected a name');
  context.define(name, known(context, 1));
  return nothing;
}

const directives: Readonly<Record<string, (context: DirectiveContext) => Chunk>> = {
  '.byte': data(1),
  '.half': data(2),
  '.word': data(4),
  '.dword': data(8),
  '.ascii': text([]),
  '.asciz': text([0]),
  '.string': text([0]),
  '.zero': zeros,
  '.space': zeros,
  '.align': align,
  '.p2align': align,
  '.balign': balign,
  '.equ': equ,
  '.set': equ,
};

/** Carries out a directive. */
export function direct(mnemonic: Token, context: DirectiveContext): Chunk {
  const directive = directives[mnemonic.text];
  if (directive !== undefined) return directive(context);
  throw new AssemblyError(
    mnemonic,
    unknownName('directive', mnemonic.text, Object.keys(directives)),
  );
}
