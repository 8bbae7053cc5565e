import { VIRTIO_ID_ENTROPY, VIRTIO_INTERRUPT_USED_BUFFER } from '../../../shared/virtio.ts';
import { CHAIN_MALFORMED, Chain, NOTHING_TAKEN, chainOf, takeChain } from './chain.ts';
import { VirtioDevice, breakDevice, interruptDriver } from './device.ts';
import { serveEntropy } from './entropy.ts';
import { queueOf, returnHead, wantsInterrupt } from './queue.ts';

/** Serves one buffer of a device; the bytes written to it, or -1 when the driver broke a rule of the device's type. */
function serveChain(device: VirtioDevice, index: u32, chain: Chain): i64 {
  switch (device.id) {
    case VIRTIO_ID_ENTROPY:
      return serveEntropy(chain);
    default:
      return -1;
  }
}

/** Uses every buffer that waits in a queue, on the thread of the vCPU that notified; under the device's lock. */
export function serveQueue(device: VirtioDevice, index: u32): void {
  const queue = queueOf(device, index);
  const chain = chainOf(device, index);
  let isUsed: bool = false;
  while (true) {
    const taken = takeChain(queue, chain);
    if (taken == NOTHING_TAKEN) break;
    const written = taken == CHAIN_MALFORMED ? -1 : serveChain(device, index, chain);
    if (written < 0) {
      breakDevice(device);
      return;
    }
    returnHead(queue, chain.head, <u32>written);
    isUsed = true;
  }
  if (isUsed && wantsInterrupt(queue)) interruptDriver(device, VIRTIO_INTERRUPT_USED_BUFFER);
}
