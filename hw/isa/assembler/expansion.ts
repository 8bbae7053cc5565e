import type { CompressedInstruction } from '../instructions/compressed-instruction.ts';
import { compressedByName, compressedInstructions } from '../instructions/compressed.ts';
import { instructionByName, instructions } from '../instructions/index.ts';
import type { Instruction } from '../instructions/instruction.ts';
import { prefetchInstructions } from '../instructions/prefetch.ts';
import { fieldNamed } from '../instructions/syntax.ts';
import { AssemblyError, unknownName } from './assembly-error.ts';
import { pseudoInstructions } from './pseudo-instructions.ts';
import { scan, type Token } from './scanner.ts';

/** A real instruction as it is written, and the ordering bits that its suffix asked for. */
export interface WrittenInstruction {
  readonly row: Instruction | CompressedInstruction;
  readonly mnemonic: Token;
  readonly operands: readonly (readonly Token[])[];
  readonly aq: 0 | 1;
  readonly rl: 0 | 1;
}

interface Pseudo {
  readonly parameters: readonly string[];
  readonly mnemonic: string;
  readonly operands: readonly (readonly Token[])[];
}

function parsePseudo([pattern, expansion]: [string, string]): [string, Pseudo] {
  const [name = '', ...parameters] = pattern.split(/,? /);
  const [{ mnemonic, operands } = { mnemonic: undefined, operands: [] }] = scan(expansion);
  const key = `${name}/${String(parameters.length)}`;
  return [key, { parameters, mnemonic: mnemonic?.text ?? '', operands }];
}

const pseudos = new Map(Object.entries(pseudoInstructions).map(parsePseudo));

/** Every word that can begin an instruction, for suggestions; `li`, `la`, `call` and `tail` are longer sequences. */
const mnemonics: readonly string[] = [
  ...instructions.map(({ name }) => name),
  ...compressedInstructions.map(({ name }) => name),
  ...prefetchInstructions.map(({ name }) => name),
  ...[...pseudos.keys()].map((key) => key.slice(0, key.indexOf('/'))),
  'li',
  'la',
  'call',
  'tail',
];

const orderings: Readonly<Record<string, { readonly aq: 0 | 1; readonly rl: 0 | 1 }>> = {
  aq: { aq: 1, rl: 0 },
  rl: { aq: 0, rl: 1 },
  aqrl: { aq: 1, rl: 1 },
};

function ordered(mnemonic: Token): Pick<WrittenInstruction, 'row' | 'aq' | 'rl'> | undefined {
  const dot = mnemonic.text.lastIndexOf('.');
  const ordering = orderings[mnemonic.text.slice(dot + 1)];
  const row = instructionByName(mnemonic.text.slice(0, dot));
  if (row === undefined || ordering === undefined) return undefined;
  return fieldNamed(row.encoding, 'aq') === undefined ? undefined : { row, ...ordering };
}

function rowNamed(name: string): WrittenInstruction['row'] | undefined {
  return (
    instructionByName(name) ??
    compressedByName(name) ??
    prefetchInstructions.find((row) => row.name === name)
  );
}

/** Finds the instruction behind a mnemonic, replacing a pseudo-instruction by the one it stands for. */
export function expand(
  mnemonic: Token,
  operands: readonly (readonly Token[])[],
): WrittenInstruction {
  const row = rowNamed(mnemonic.text);
  if (row?.syntax.length === operands.length) return { row, mnemonic, operands, aq: 0, rl: 0 };
  const pseudo = pseudos.get(`${mnemonic.text}/${String(operands.length)}`);
  if (pseudo !== undefined) return substitute(pseudo, mnemonic, operands);
  if (row !== undefined) return { row, mnemonic, operands, aq: 0, rl: 0 };
  const withOrdering = ordered(mnemonic);
  if (withOrdering !== undefined) return { ...withOrdering, mnemonic, operands };
  if (mnemonics.includes(mnemonic.text)) {
    const count = String(operands.length);
    throw new AssemblyError(mnemonic, `${mnemonic.text} does not take ${count} operands`);
  }
  throw new AssemblyError(mnemonic, unknownName('instruction', mnemonic.text, mnemonics));
}

function substitute(
  pseudo: Pseudo,
  mnemonic: Token,
  written: readonly (readonly Token[])[],
): WrittenInstruction {
  const { line, column } = mnemonic;
  const operands = pseudo.operands.map((tokens) =>
    tokens.flatMap((token) => {
      const index = pseudo.parameters.indexOf(token.text);
      return index < 0 ? [{ ...token, line, column }] : (written[index] ?? []);
    }),
  );
  return expand({ ...mnemonic, text: pseudo.mnemonic }, operands);
}
