import { instructionLength } from '../isa/index.ts';
import type { MadeAccess } from './memory-access.ts';

/** A CSR and what it reads. */
export interface CommittedCsr {
  readonly address: number;
  readonly name: string;
  readonly value: bigint;
}

/** One retired instruction with everything it changed. */
export interface Commit {
  readonly hartId: number;
  readonly privilege: number;
  readonly pc: bigint;
  /** The instruction word, or the parcel of a 16-bit instruction. */
  readonly word: number;
  /** The integer or floating-point register written, with its new value. */
  readonly register:
    { readonly file: 'x' | 'f'; readonly number: number; readonly value: bigint } | undefined;
  /** CSRs written, with what they read now. */
  readonly csrs: readonly CommittedCsr[];
  readonly accesses: readonly MadeAccess[];
}

function hex(value: bigint, digits: number): string {
  const bits = BigInt.asUintN(digits * 4, value);
  return `0x${bits.toString(16).padStart(digits, '0')}`;
}

/** Spike logs what changed in the order of its own numbers: that of the register or CSR, then of the kind. */
const kindOrder = { x: 0, f: 1, csr: 4 } as const;

/** The changed registers and CSRs, in that order. */
function changesOf({ register, csrs }: Commit): string[] {
  const changes = csrs.map(({ address, name, value }) => ({
    order: address * 16 + kindOrder.csr,
    text: `c${String(address)}_${name} ${hex(value, 16)}`,
  }));
  if (register !== undefined) {
    const { file, number, value } = register;
    changes.push({
      order: number * 16 + kindOrder[file],
      text: `${file}${String(number).padEnd(2)} ${hex(value, 16)}`,
    });
  }
  return changes.sort((one, other) => one.order - other.order).map(({ text }) => text);
}

/** The line that Spike's `--log-commits` prints for an instruction. */
export function formatCommit(commit: Commit): string {
  const { hartId, privilege, pc, word, accesses } = commit;
  const parts = [
    `core ${String(hartId).padStart(3)}: ${String(privilege)} ${hex(pc, 16)} (${hex(BigInt(word), instructionLength(word) * 2)})`,
  ];
  parts.push(...changesOf(commit));
  const loads = accesses.filter(({ value }) => value === undefined);
  for (const { address } of loads) parts.push(`mem ${hex(address, 16)}`);
  for (const { address, bytes, value } of accesses) {
    if (value !== undefined) parts.push(`mem ${hex(address, 16)} ${hex(value, bytes * 2)}`);
  }
  return parts.join(' ');
}
