import { cstr, sym_addr } from '../shared/rv.ts';
import { VirtioDevice } from './devices/virtio/device.ts';
import { STATUS_DRIVER, failWith } from './failure.ts';
import { allowedHarts, restrictTo } from './host.ts';
import { IO_STACK_BYTES } from './limits.ts';

/** Begins a thread (sw/vmm/process.asm.ts). */
declare function start_thread(
  stackTop: usize,
  device: VirtioDevice,
  threadId: usize,
  entry: usize,
): i64;

let begun: u64 = 0;
/** Words that the host clears when a thread ends, which none of these does before the process. */
const threadId: usize = memory.data(8, 8);
const affinity: usize = memory.data(8, 8);

/** Begins a thread for a device, with a function of the device; the image has room for IO_THREADS of them. */
export function startIoThread(device: VirtioDevice, entry: usize): void {
  begun++;
  const stackTop = sym_addr('io_stacks') + <usize>(begun * IO_STACK_BYTES);
  const result = start_thread(stackTop, device, threadId, entry);
  if (result < 0) failWith(STATUS_DRIVER, cstr('cannot create the thread of a device'), result);
}

/** Puts the calling thread on the hart behind the first `skipped` ones, which go round. */
export function pinBehind(skipped: u64): void {
  let harts = allowedHarts();
  const turns = skipped % <u64>popcnt<u64>(harts);
  for (let count: u64 = 0; count < turns; count++) harts &= harts - 1;
  store<u64>(affinity, harts & (0 - harts));
  const result = restrictTo(affinity);
  if (result < 0) failWith(STATUS_DRIVER, cstr('cannot pin an I/O thread to a hart'), result);
}
