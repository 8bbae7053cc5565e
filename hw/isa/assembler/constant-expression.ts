import { AssemblyError, unknownName } from './assembly-error.ts';
import { unquote, type Position, type Token } from './scanner.ts';

/** What names stand for where an expression is evaluated. */
export interface Scope {
  /** The address of the statement, which `.` stands for. */
  readonly location: bigint;
  /** Value of a name or numbered label, if it is known. */
  find(token: Token): bigint | undefined;
  /** Names that are known, to suggest from. */
  names(): Iterable<string>;
}

type BinaryOperation = (left: bigint, right: bigint) => bigint;

/** Operators by precedence, the loosest first. */
const levels: readonly Readonly<Record<string, BinaryOperation>>[] = [
  { '|': (left, right) => left | right },
  { '^': (left, right) => left ^ right },
  { '&': (left, right) => left & right },
  { '<<': (left, right) => left << right, '>>': (left, right) => left >> right },
  { '+': (left, right) => left + right, '-': (left, right) => left - right },
  {
    '*': (left, right) => left * right,
    '/': (left, right) => left / right,
    '%': (left, right) => left % right,
  },
];

/** The low 12 bits of a value with their sign, as an immediate adds them. */
export function lowPart(value: bigint): bigint {
  return BigInt.asIntN(12, value);
}

/** What `lui` or `auipc` must supply so that adding the low part gives the value. */
export function highPart(value: bigint): bigint {
  return (value - lowPart(value)) >> 12n;
}

const functions: Readonly<Record<string, (value: bigint) => bigint>> = {
  '%lo': lowPart,
  '%hi': (value) => highPart(value) & 0xf_ffffn,
};

class Parser {
  readonly #tokens: readonly Token[];
  readonly #scope: Scope;
  readonly #end: Position;
  #next = 0;

  constructor(tokens: readonly Token[], scope: Scope, end: Position) {
    this.#tokens = tokens;
    this.#scope = scope;
    this.#end = end;
  }

  whole(): bigint {
    const value = this.#level(0);
    const rest = this.#tokens[this.#next];
    if (rest !== undefined) throw new AssemblyError(rest, `unexpected '${rest.text}'`);
    return value;
  }

  #level(depth: number): bigint {
    const operators = levels[depth];
    if (operators === undefined) return this.#unary();
    let left = this.#level(depth + 1);
    for (;;) {
      const token = this.#tokens[this.#next];
      const operate = token?.kind === 'punctuation' ? operators[token.text] : undefined;
      if (token === undefined || operate === undefined) return left;
      this.#next += 1;
      const right = this.#level(depth + 1);
      const divides = token.text === '/' || token.text === '%';
      if (divides && right === 0n) throw new AssemblyError(token, 'division by zero');
      left = operate(left, right);
    }
  }

  #unary(): bigint {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw new AssemblyError(this.#end, 'an expression is missing');
    this.#next += 1;
    switch (token.kind) {
      case 'number':
        return numberOf(token);
      case 'local':
      case 'name':
        return this.#named(token);
      case 'function': {
        const apply = functions[token.text];
        if (apply === undefined) throw new AssemblyError(token, `unknown function '${token.text}'`);
        return apply(this.#unary());
      }
      case 'punctuation':
        return this.#prefixed(token);
      case 'string':
        throw new AssemblyError(token, 'a string is not a number');
    }
  }

  #named(token: Token): bigint {
    if (token.text === '.') return this.#scope.location;
    const value = this.#scope.find(token);
    if (value !== undefined) return value;
    throw new AssemblyError(token, unknownName('symbol', token.text, this.#scope.names()));
  }

  #prefixed(token: Token): bigint {
    if (token.text === '-') return -this.#unary();
    if (token.text === '+') return this.#unary();
    if (token.text === '~') return ~this.#unary();
    if (token.text !== '(') throw new AssemblyError(token, `unexpected '${token.text}'`);
    const value = this.#level(0);
    const close = this.#tokens[this.#next];
    if (close?.text !== ')') throw new AssemblyError(close ?? this.#end, "expected ')'");
    this.#next += 1;
    return value;
  }
}

function numberOf(token: Token): bigint {
  if (!token.text.startsWith("'")) return BigInt(token.text.replaceAll('_', ''));
  return BigInt(unquote(token).codePointAt(0) ?? 0);
}

/** The value of an expression; `end` is where a missing one is reported. */
export function evaluate(tokens: readonly Token[], scope: Scope, end: Position): bigint {
  return new Parser(tokens, scope, end).whole();
}
