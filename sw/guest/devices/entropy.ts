import { cstr } from '../../shared/rv.ts';
import { crc32 } from '../runtime/workload.ts';
import { endLine, put, putHex } from '../runtime/console.ts';
import { takePending } from '../runtime/interrupts.ts';
import { check } from '../runtime/verdict.ts';
import { VirtioPort } from '../virtio/discover.ts';
import { openEntropy, readEntropy } from '../virtio/entropy.ts';
import { hasInterrupt } from '../virtio/port.ts';

const REQUESTS: u64 = 4;
const NUMBERS_BYTES: u32 = 100;
/** Bytes behind the buffer that must stay as they are. */
const GUARD_BYTES: usize = 28;
const numbers: usize = memory.data(128, 8);

/** Asks for random numbers a few times: they come in full, differ, and end where the buffer does; the CRC shows which they were. */
export function useEntropy(port: VirtioPort): void {
  check(cstr('entropy-opened'), openEntropy(port) ? 1 : 0, 1);
  let received: u64 = 0;
  let repeated: u64 = 0;
  let before: u32 = 0;
  for (let request: u64 = 0; request < REQUESTS; request++) {
    received += readEntropy(numbers, NUMBERS_BYTES);
    takePending();
    const crc = crc32(numbers, NUMBERS_BYTES);
    if (crc == before) repeated++;
    before = crc;
  }
  let touched: u64 = 0;
  for (let index: usize = 0; index < GUARD_BYTES; index++)
    touched |= load<u8>(numbers + NUMBERS_BYTES + index);
  check(cstr('entropy-bytes'), received, REQUESTS * NUMBERS_BYTES);
  check(cstr('entropy-repeated'), repeated, 0);
  check(cstr('entropy-touched-behind'), touched, 0);
  if (hasInterrupt(port)) check(cstr('entropy-interrupts'), port.bufferInterrupts, REQUESTS);
  put(cstr('entropy: crc '));
  putHex(before);
  endLine();
}
