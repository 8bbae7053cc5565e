import type { Diagnostic } from './source/diagnostic.ts';
import { describeOrigin, type Origin } from './source/origin.ts';
import { formatAddress, formatSize } from './source/quantity.ts';

/** Something that answers at a range of physical addresses. */
export interface Occupant {
  readonly name: string;
  readonly base: number;
  readonly size: number;
  /** What `base` must be a multiple of, in bytes. */
  readonly alignment: number;
  readonly origin: Origin | undefined;
}

/** Physical addresses are computed as exact doubles, so the last byte must lie below 2^53. */
const end = 2 ** 53;

/** Finds ranges that overlap, leave the address space or begin at an odd place. */
export function checkAddressMap(occupants: readonly Occupant[], diagnostics: Diagnostic[]): void {
  for (const occupant of occupants) {
    if (occupant.base % occupant.alignment !== 0) diagnostics.push(misaligned(occupant));
    if (occupant.base + occupant.size > end) diagnostics.push(tooHigh(occupant));
  }
  const sorted = occupants.toSorted((a, b) => a.base - b.base || (a.name < b.name ? -1 : 1));
  sorted.forEach((first, index) => {
    for (const second of sorted.slice(index + 1)) {
      if (second.base >= first.base + first.size) break;
      diagnostics.push(overlap(first, second));
    }
  });
}

function overlap(first: Occupant, second: Occupant): Diagnostic {
  const rows = [first, second].map((occupant) => [occupant.name, range(occupant), place(occupant)]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return {
    code: 'E-CFG-017',
    message: 'address ranges overlap',
    notes: rows.map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('   ')
        .trimEnd(),
    ),
    help: 'dvlab describe components',
  };
}

function misaligned(occupant: Occupant): Diagnostic {
  return {
    code: 'E-CFG-018',
    message: `'${occupant.name}' begins at ${formatAddress(occupant.base)}`,
    origin: occupant.origin,
    label: `expected a multiple of ${formatSize(occupant.alignment)}`,
  };
}

function tooHigh(occupant: Occupant): Diagnostic {
  return {
    code: 'E-CFG-018',
    message: `'${occupant.name}' ends beyond 2^53: ${range(occupant)}`,
    origin: occupant.origin,
    label: 'expected an address below 2^53 for its last byte',
  };
}

/** Writes a range of addresses, both ends included. */
function range({ base, size }: { readonly base: number; readonly size: number }): string {
  return `${formatAddress(base)}..${formatAddress(BigInt(base) + BigInt(size) - 1n)}`;
}

function place(occupant: Occupant): string {
  return occupant.origin === undefined ? '' : describeOrigin(occupant.origin);
}
