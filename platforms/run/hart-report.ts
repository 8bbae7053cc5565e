import type { HartStatus } from '../../hw/hart/index.ts';
import { causeName, interruptName } from '../../hw/isa/index.ts';
import type { CodeNames } from './code-names.ts';

/** Says where a hart stands: its mode and place, its interrupts, and its last trap if it took one. */
export function describeHart(status: HartStatus, names: CodeNames): string[] {
  const { id, mode, pc, isWaiting, enabled, pending, lastTrap, instret } = status;
  const place = `pc 0x${pc.toString(16)} ${names.describe(mode, pc)}`.trimEnd();
  const state = isWaiting ? 'in WFI' : 'running';
  const lines = [
    `hart ${String(id)}  mode ${mode}  ${place}  ${state}, ${String(instret)} instructions retired`,
    `        mie=${interruptList(enabled)}  mip=${interruptList(pending)}`,
  ];
  if (lastTrap !== undefined) {
    const { cause, isInterrupt, from, to, pc: at, tval } = lastTrap;
    const name = isInterrupt ? interruptName(cause) : causeName(cause);
    const where = `0x${at.toString(16)} ${names.describe(from, at)}`.trimEnd();
    lines.push(
      `        last trap: ${name} from ${from} to ${to} at ${where}, value 0x${tval.toString(16)}`,
    );
  }
  return lines;
}

/** Writes interrupt bits with their names: `0x80 (mtip)`. */
export function interruptList(bits: bigint): string {
  const numbers = Array.from({ length: 64 }, (_, bit) => bit).filter(
    (bit) => (bits >> BigInt(bit)) & 1n,
  );
  const list = numbers.length === 0 ? 'none' : numbers.map(interruptName).join(', ');
  return `0x${bits.toString(16)} (${list})`;
}
