import { amoswap_w, lw, sw } from '../../../shared/rv.ts';
import { wakeAll, waitWhile } from '../../host.ts';
import { VirtioDevice } from './device.ts';

/**
 * How vCPUs tell the thread of a device that buffers wait, without a system call while it is at work. The vCPU rings and then looks whether
 * the thread sleeps; the thread says that it sleeps, and does so only while the bell is silent.
 */

function bellOf(device: VirtioDevice): usize {
  return changetype<usize>(device) + offsetof<VirtioDevice>('bell');
}

function sleepWordOf(device: VirtioDevice): usize {
  return changetype<usize>(device) + offsetof<VirtioDevice>('isAsleep');
}

/** Tells the thread of a device that a queue was notified. */
export function wakeThread(device: VirtioDevice): void {
  amoswap_w(bellOf(device), 1);
  if (lw(sleepWordOf(device), 0) != 0) wakeAll(bellOf(device));
}

/** Waits until a queue is notified, or was since the last time. */
export function awaitBell(device: VirtioDevice): void {
  amoswap_w(sleepWordOf(device), 1);
  while (amoswap_w(bellOf(device), 0) == 0) waitWhile(bellOf(device), 0, null);
  sw(sleepWordOf(device), 0, 0);
}
