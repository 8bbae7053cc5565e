import { encode } from '../encoder.ts';
import { isCompressed } from '../instructions/compressed-instruction.ts';
import { AssemblyError } from './assembly-error.ts';
import { evaluate, highPart, lowPart, type Scope } from './constant-expression.ts';
import { direct, littleEndian, type Chunk } from './directive.ts';
import { expand } from './expansion.ts';
import { loadImmediate } from './load-immediate.ts';
import { encodeWritten, registerOf } from './operand.ts';
import { scan, type Statement, type Token } from './scanner.ts';

/** What a text is assembled with. */
export interface AssemblyOptions {
  /** Address of the first byte, 0 unless given. */
  readonly base?: bigint | number;
  /** Names that the text may use without defining them. */
  readonly symbols?: Readonly<Record<string, bigint | number>>;
}

/** Machine code and data, and where its labels are. */
export interface Assembly {
  readonly base: bigint;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The bytes as instruction words, zero-filled at the end. */
  readonly words: readonly number[];
  /** Addresses of labels and values of `.equ` names. */
  readonly labels: ReadonlyMap<string, bigint>;
}

const TEMPORARY = 6;

function words(list: readonly number[]): number[] {
  return list.flatMap((word) => littleEndian(BigInt(word), 4));
}

/** Two instructions that reach any address within 2 GiB of the first. */
function pair(
  target: readonly Token[],
  statement: Statement,
  build: (high: bigint, low: bigint) => readonly number[],
): Chunk {
  return {
    size: 8,
    emit: (scope) => {
      const distance = BigInt.asIntN(64, evaluate(target, scope, statement) - scope.location);
      const high = highPart(distance) << 12n;
      if (high !== BigInt.asIntN(32, high)) {
        throw new AssemblyError(
          target[0] ?? statement,
          `the target is ${String(distance)} bytes away`,
        );
      }
      return words(build(high, lowPart(distance)));
    },
  };
}

class Assembler {
  readonly #symbols = new Map<string, bigint>();
  readonly #given: ReadonlyMap<string, bigint>;
  readonly #numbered = new Map<string, bigint[]>();
  readonly #placed: { readonly chunk: Chunk; readonly location: bigint }[] = [];
  readonly #base: bigint;
  #location: bigint;

  constructor({ base = 0n, symbols = {} }: AssemblyOptions) {
    this.#base = BigInt(base);
    this.#location = this.#base;
    this.#given = new Map(Object.entries(symbols).map(([name, value]) => [name, BigInt(value)]));
  }

  assemble(text: string): Assembly {
    for (const statement of scan(text)) this.#place(statement);
    const emitted = this.#placed.flatMap(({ chunk, location }) =>
      chunk.emit(this.#scope(location)),
    );
    const bytes = Uint8Array.from(emitted);
    const padded = new DataView(new ArrayBuffer(Math.ceil(bytes.length / 4) * 4));
    for (const [index, byte] of bytes.entries()) padded.setUint8(index, byte);
    const wordCount = padded.byteLength / 4;
    return {
      base: this.#base,
      bytes,
      words: Array.from({ length: wordCount }, (_, index) => padded.getUint32(index * 4, true)),
      labels: this.#symbols,
    };
  }

  #place(statement: Statement): void {
    for (const label of statement.labels) this.#label(label);
    const { mnemonic } = statement;
    if (mnemonic === undefined) return;
    const chunk = mnemonic.text.startsWith('.')
      ? direct(mnemonic, {
          statement,
          scope: this.#scope(this.#location),
          define: (name, value) => {
            this.#define(name, value);
          },
        })
      : this.#instruction(mnemonic, statement);
    this.#placed.push({ chunk, location: this.#location });
    this.#location += BigInt(chunk.size);
  }

  #instruction(mnemonic: Token, statement: Statement): Chunk {
    const { operands } = statement;
    const [first = [], second = []] = operands;
    if (mnemonic.text === 'li' && operands.length === 2) {
      const rd = registerOf(first, mnemonic);
      const code = loadImmediate(rd, evaluate(second, this.#scope(this.#location), mnemonic));
      return { size: code.length * 4, emit: () => words(code) };
    }
    if (mnemonic.text === 'la' && operands.length === 2) {
      const rd = registerOf(first, mnemonic);
      return pair(second, statement, (high, low) => [
        encode('auipc', { rd, imm: high }),
        encode('addi', { rd, rs1: rd, imm: low }),
      ]);
    }
    if ((mnemonic.text === 'call' || mnemonic.text === 'tail') && operands.length === 1) {
      const [link, through] = mnemonic.text === 'call' ? [1, 1] : [0, TEMPORARY];
      return pair(first, statement, (high, low) => [
        encode('auipc', { rd: through, imm: high }),
        encode('jalr', { rd: link, rs1: through, imm: low }),
      ]);
    }
    const written = expand(mnemonic, operands);
    const size = isCompressed(written.row) ? 2 : 4;
    return {
      size,
      emit: (scope) => littleEndian(BigInt(encodeWritten(written, scope)), size),
    };
  }

  #label(label: Token): void {
    if (label.kind === 'number') {
      const places = this.#numbered.get(label.text) ?? [];
      this.#numbered.set(label.text, [...places, this.#location]);
    } else if (label.kind === 'name') this.#define(label, this.#location);
    else throw new AssemblyError(label, `'${label.text}' is not a label`);
  }

  #define(name: Token, value: bigint): void {
    if (this.#symbols.has(name.text))
      throw new AssemblyError(name, `'${name.text}' is defined twice`);
    this.#symbols.set(name.text, value);
  }

  #scope(location: bigint): Scope {
    return {
      location,
      find: (token) =>
        token.kind === 'local'
          ? this.#nearby(token, location)
          : (this.#symbols.get(token.text) ?? this.#given.get(token.text)),
      names: () => [...this.#symbols.keys(), ...this.#given.keys()],
    };
  }

  /** The closest numbered label before (`1b`) or after (`1f`) a location. */
  #nearby({ text }: Token, location: bigint): bigint | undefined {
    const places = this.#numbered.get(text.slice(0, -1)) ?? [];
    return text.endsWith('b')
      ? places.findLast((candidate) => candidate <= location)
      : places.find((candidate) => candidate > location);
  }
}

/** Assembles a text of instructions, labels, pseudo-instructions and directives. */
export function assemble(text: string, options: AssemblyOptions = {}): Assembly {
  return new Assembler(options).assemble(text);
}
