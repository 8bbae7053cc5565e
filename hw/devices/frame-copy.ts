import type { BusPort } from '../kernel/index.ts';

const wordBytes = 8;

/** Bytes of memory as two hexadecimal digits each, in the order of their addresses; what is not memory reads as zero. */
export function bytesFromMemory(memory: BusPort, address: number, length: number): string {
  let text = '';
  for (let done = 0; done < length;) {
    const at = address + done;
    const isWord = at % wordBytes === 0 && length - done >= wordBytes;
    const size = isWord ? wordBytes : 1;
    text += littleEndian(memory.read(at, size) ?? 0n, size);
    done += size;
  }
  return text;
}

/** Puts such bytes into memory; what is not memory is left out. */
export function bytesToMemory(memory: BusPort, address: number, bytes: string): void {
  const length = bytes.length / 2;
  for (let done = 0; done < length;) {
    const at = address + done;
    const isWord = at % wordBytes === 0 && length - done >= wordBytes;
    const size = isWord ? wordBytes : 1;
    memory.write(at, size, numberOf(bytes.slice(2 * done, 2 * (done + size))));
    done += size;
  }
}

function littleEndian(value: bigint, size: number): string {
  return reversed(value.toString(16).padStart(2 * size, '0'));
}

function numberOf(bytes: string): bigint {
  return BigInt(`0x${reversed(bytes)}`);
}

/** The bytes of a number's digits the other way round. */
function reversed(digits: string): string {
  return (digits.match(/../g) ?? []).reverse().join('');
}
