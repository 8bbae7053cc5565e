import { VIRTIO_INTERRUPT_USED_BUFFER } from '../../../shared/virtio.ts';
import { CHAIN_MALFORMED, NOTHING_TAKEN, Taken, chainOf, takeChain } from './chain.ts';
import {
  VirtioDevice,
  breakDevice,
  interruptDriver,
  isLive,
  lockDevice,
  unlockDevice,
} from './device.ts';
import { queueOf, returnHead, wantsInterrupt } from './queue.ts';
import { serveChain } from './serve.ts';
import { resetDevice } from './transport.ts';

/**
 * Uses one buffer of a device on the device's own thread, without keeping vCPUs from its registers meanwhile; false when there
 * is none. A reset that comes meanwhile is carried out when the buffer is done with (virtio 2.4.1).
 */
export function serveApart(device: VirtioDevice, index: u32): bool {
  const taken = takeBuffer(device, index);
  if (taken == NOTHING_TAKEN) return false;
  const written = taken == CHAIN_MALFORMED ? -1 : serveChain(device, chainOf(device, index));
  finishBuffer(device, index, written);
  return true;
}

function takeBuffer(device: VirtioDevice, index: u32): Taken {
  const queue = queueOf(device, index);
  lockDevice(device);
  let taken: Taken = NOTHING_TAKEN;
  if (isLive(device) && queue.isReady != 0) taken = takeChain(queue, chainOf(device, index));
  device.isBusy = taken == NOTHING_TAKEN ? 0 : 1;
  unlockDevice(device);
  return taken;
}

function finishBuffer(device: VirtioDevice, index: u32, written: i64): void {
  const queue = queueOf(device, index);
  lockDevice(device);
  device.isBusy = 0;
  if (device.isResetting != 0) resetDevice(device);
  else if (written < 0) breakDevice(device);
  else if (isLive(device) && queue.isReady != 0) {
    returnHead(queue, chainOf(device, index).head, <u32>written);
    if (wantsInterrupt(queue)) interruptDriver(device, VIRTIO_INTERRUPT_USED_BUFFER);
  }
  unlockDevice(device);
}
