import { instructionLength } from '../isa/index.ts';
import type { MadeAccess } from './memory-access.ts';

/** One retired instruction with everything it changed. */
export interface Commit {
  readonly hartId: number;
  readonly privilege: number;
  readonly pc: bigint;
  /** The instruction word, or the parcel of a 16-bit instruction. */
  readonly word: number;
  /** The integer register written, with its new value. */
  readonly register: { readonly number: number; readonly value: bigint } | undefined;
  /** CSRs written, with what they read now. */
  readonly csrs: readonly {
    readonly address: number;
    readonly name: string;
    readonly value: bigint;
  }[];
  readonly accesses: readonly MadeAccess[];
}

function hex(value: bigint, digits: number): string {
  const bits = BigInt.asUintN(digits * 4, value);
  return `0x${bits.toString(16).padStart(digits, '0')}`;
}

/** The line that Spike's `--log-commits` prints for an instruction. */
export function formatCommit(commit: Commit): string {
  const { hartId, privilege, pc, word, register, csrs, accesses } = commit;
  const parts = [
    `core ${String(hartId).padStart(3)}: ${String(privilege)} ${hex(pc, 16)} (${hex(BigInt(word), instructionLength(word) * 2)})`,
  ];
  if (register !== undefined) {
    parts.push(`x${String(register.number).padEnd(2)} ${hex(register.value, 16)}`);
  }
  for (const { address, name, value } of [...csrs].sort((a, b) => a.address - b.address)) {
    parts.push(`c${String(address)}_${name} ${hex(value, 16)}`);
  }
  const loads = accesses.filter(({ value }) => value === undefined);
  for (const { address } of loads) parts.push(`mem ${hex(address, 16)}`);
  for (const { address, bytes, value } of accesses) {
    if (value !== undefined) parts.push(`mem ${hex(address, 16)} ${hex(value, bytes * 2)}`);
  }
  return parts.join(' ');
}
