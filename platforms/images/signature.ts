import type { Machine } from '../machine.ts';
import { imageError } from './image-error.ts';
import type { SymbolTable } from './symbol-table.ts';

const wordBytes = 4;

/**
 * The memory between `begin_signature` and `end_signature` as riscv-arch-test compares it: one 32-bit word a line,
 * eight hexadecimal digits, lowest address first.
 */
export function signatureText(machine: Machine, symbols: SymbolTable): string {
  const begin = symbols.addressOf('begin_signature');
  const end = symbols.addressOf('end_signature');
  if (begin === undefined || end === undefined || end < begin) {
    const help =
      'link the program with begin_signature and end_signature, or leave --signature out';
    throw imageError('E-IMG-006', 'the program has no signature area', help);
  }
  const size = Number(end - begin);
  const memory = machine.bus.memoryAt(Number(begin), size);
  if (memory === undefined)
    throw imageError('E-IMG-005', 'the signature area is outside the memory');
  const bytes = memory.copy(Number(begin), Math.ceil(size / wordBytes) * wordBytes);
  const view = new DataView(bytes.buffer);
  const words = Array.from({ length: bytes.length / wordBytes }, (_, index) =>
    view
      .getUint32(index * wordBytes, true)
      .toString(16)
      .padStart(8, '0'),
  );
  return words.map((word) => `${word}\n`).join('');
}
