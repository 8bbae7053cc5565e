import { csrs, isAlias, type Csr } from '../../hw/isa/index.ts';
import { textTable } from '../text-table.ts';

/** Every CSR with its address, fields and what it stands for, by address. */
export function describeCsrs(): readonly string[] {
  const rows = csrs
    .toSorted((a, b) => a.address - b.address)
    .map((csr) => [
      `0x${csr.address.toString(16).padStart(3, '0')}`,
      csr.name,
      csr.extension,
      storage(csr),
      csr.description,
      csr.spec,
    ]);
  return textTable([['address', 'name', 'with', 'storage', 'meaning', 'source'], ...rows]);
}

function storage({ storage: kind, isReadOnly }: Csr): string {
  const access = isReadOnly ? ' (read-only)' : '';
  if (typeof kind === 'string') return `${kind}${access}`;
  if (isAlias(kind)) return `view of ${kind.aliasOf.name}${access}`;
  const { counts } = kind;
  return `counts ${typeof counts === 'string' ? counts : `what ${counts.name} says`}${access}`;
}
