import type { TestMachine } from './machine.ts';

/** Low bits of a leaf that allows everything to U, or to S alone, and of a pointer to a table. */
export const Leaf = { user: 0xdfn, supervisor: 0xcfn, table: 0x01n } as const;

function writeEntry(
  { memory }: TestMachine,
  { table, index, target, bits }: { table: number; index: number; target: number; bits: bigint },
): void {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, (BigInt(target / 4096) << 10n) | bits, true);
  memory.load(table + index * 8, bytes);
}

/**
 * Maps a 4 KiB page under a root table of one page, or of four in stage 2; the two lower tables follow the root. A root that
 * is `named` by another address than where it lies is a guest's.
 */
export function mapPage(
  machine: TestMachine,
  root: { readonly at: number; readonly pages: 1 | 4; readonly named?: number },
  [from, to]: readonly [number, number],
  bits: bigint,
): void {
  const middle = root.at + root.pages * 4096;
  const last = middle + 4096;
  const write = (table: number, shift: number, target: number, entryBits: bigint): void => {
    const index = Math.floor(from / 2 ** shift) % (shift === 30 ? 2048 : 512);
    writeEntry(machine, { table, index, target, bits: entryBits });
  };
  const moved = (root.named ?? root.at) - root.at;
  write(root.at, 30, middle + moved, Leaf.table);
  write(middle, 21, last + moved, Leaf.table);
  write(last, 12, to, bits);
}

/** The value of `satp`, `vsatp` or `hgatp` that names a root table. */
export function rootRegister(at: number): bigint {
  return (8n << 60n) | BigInt(at / 4096);
}
