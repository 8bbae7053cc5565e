import { cstr } from '../../../shared/rv.ts';
import { VIRTIO_CONSOLE_RECEIVEQ } from '../../../shared/virtio-console.ts';
import { STATUS_DRIVER, failWith } from '../../failure.ts';
import { STANDARD_INPUT, readSome } from '../../host.ts';
import { VirtioDevice, lockDevice, unlockDevice } from './device.ts';
import { fillBuffer } from './input.ts';
import { awaitBell } from './thread-bell.ts';

/** Bytes of the process's console that wait for a buffer of the guest: from `next` to `end`. */
const CAPACITY: u64 = 64;
const pending: usize = memory.data(64, 8);
let next: usize = 0;
let end: usize = 0;
/** Whether the guest had no buffer for them when that was last tried. */
let isRefused: bool = false;

/**
 * Puts what somebody typed into the next buffer of the receive queue, as much of it as there is room for (virtio 5.3.6). Waits for
 * both: nothing is lost, what the guest has no buffer for stays until it has one.
 */
export function receiveInput(device: VirtioDevice): void {
  if (isRefused) awaitBell(device);
  if (next == end) {
    const count = readSome(STANDARD_INPUT, pending, CAPACITY);
    if (count < 0) failWith(STATUS_DRIVER, cstr('cannot read the console'), count);
    next = 0;
    end = <usize>count;
  }
  lockDevice(device);
  const done = fillBuffer(device, VIRTIO_CONSOLE_RECEIVEQ, pending + next, end - next, 1);
  unlockDevice(device);
  next += done;
  isRefused = done == 0;
}
