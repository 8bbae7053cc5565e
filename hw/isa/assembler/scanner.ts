import { AssemblyError } from './assembly-error.ts';

/** A place in the text, both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A word of the text. A `local` is a numbered label seen from here: `1b`, `2f`. */
export interface Token extends Position {
  readonly kind: 'name' | 'number' | 'local' | 'string' | 'function' | 'punctuation';
  readonly text: string;
}

/** Labels and one instruction or directive, with its operands as they are separated by commas. */
export interface Statement extends Position {
  readonly labels: readonly Token[];
  readonly mnemonic: Token | undefined;
  readonly operands: readonly (readonly Token[])[];
}

const patterns: readonly (readonly [Token['kind'] | 'space', RegExp])[] = [
  ['space', /(?:\s+|#.*|\/\/.*)/y],
  ['number', /0[xX][\da-fA-F_]+|0[bB][01][01_]*|'(?:\\.|[^\\'])'/y],
  ['local', /\d+[bf]\b/y],
  ['number', /\d[\d_]*/y],
  ['name', /[A-Za-z_.$][\w.$]*/y],
  ['function', /%[a-z_]+(?=\()/y],
  ['string', /"(?:\\.|[^\\"])*"/y],
  ['punctuation', /<<|>>|[,():;+\-*/%&|^~]/y],
];

function scanLine(source: string, line: number): Token[] {
  const tokens: Token[] = [];
  let index = 0;
  scan: while (index < source.length) {
    for (const [kind, pattern] of patterns) {
      pattern.lastIndex = index;
      const text = pattern.exec(source)?.[0];
      if (text === undefined) continue;
      if (kind !== 'space') tokens.push({ kind, text, line, column: index + 1 });
      index += text.length;
      continue scan;
    }
    const position = { line, column: index + 1 };
    throw new AssemblyError(position, `unexpected character '${source.charAt(index)}'`);
  }
  return tokens;
}

/** Cuts tokens at a punctuation mark; no tokens make no parts. */
function split(tokens: readonly Token[], mark: string): Token[][] {
  const parts: Token[][] = tokens.length > 0 ? [[]] : [];
  for (const token of tokens) {
    if (token.kind === 'punctuation' && token.text === mark) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

function statementOf(tokens: readonly Token[]): Statement[] {
  const [first] = tokens;
  if (first === undefined) return [];
  const labels: Token[] = [];
  let rest = tokens;
  for (;;) {
    const [label, colon] = rest;
    if (label === undefined || colon?.text !== ':') break;
    labels.push(label);
    rest = rest.slice(2);
  }
  const [mnemonic, ...operands] = rest;
  if (mnemonic !== undefined && mnemonic.kind !== 'name') {
    throw new AssemblyError(mnemonic, `'${mnemonic.text}' is not an instruction or directive`);
  }
  const { line, column } = first;
  return [{ line, column, labels, mnemonic, operands: split(operands, ',') }];
}

/** Reads a text; statements end at a line's end or a semicolon, comments begin with `#` or `//`. */
export function scan(text: string): Statement[] {
  return text
    .split('\n')
    .flatMap((source, index) => split(scanLine(source, index + 1), ';').flatMap(statementOf));
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0' };

/** The text that a quoted token stands for. */
export function unquote({ text }: Token): string {
  return text.slice(1, -1).replaceAll(/\\(.)/g, (_, letter: string) => escapes[letter] ?? letter);
}
