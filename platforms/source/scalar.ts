import type { ScalarValue } from './config-node.ts';

const INTEGER =
  /^[-+]?(?:0x[0-9a-fA-F](?:_?[0-9a-fA-F])*|0b[01](?:_?[01])*|0o[0-7](?:_?[0-7])*|[0-9](?:_?[0-9])*)$/;
const DECIMAL = /^[-+]?[0-9]+\.[0-9]+(?:[eE][-+]?[0-9]+)?$/;

/** Reads an integer with an optional `0x`, `0b` or `0o` prefix and `_` between digits; exact at any size. */
export function parseInteger(text: string): number | bigint | undefined {
  if (!INTEGER.test(text)) return undefined;
  const negative = text.startsWith('-');
  const magnitude = BigInt(text.replace(/^[-+]/, '').replaceAll('_', ''));
  const value = negative ? -magnitude : magnitude;
  const isSafe =
    value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
  return isSafe ? Number(value) : value;
}

/** Gives an unquoted YAML scalar its value: the core schema of YAML 1.2, plus `_` between digits. */
export function parseScalar(text: string): ScalarValue {
  if (text === '' || text === '~' || text === 'null') return null;
  if (text === 'true') return true;
  if (text === 'false') return false;
  const integer = parseInteger(text);
  if (integer !== undefined) return integer;
  return DECIMAL.test(text) ? Number(text) : text;
}
