import { VIRTIO_ID_ENTROPY, VIRTIO_INTERRUPT_USED_BUFFER } from '../../../shared/virtio.ts';
import { VIRTIO_ID_BLOCK } from '../../../shared/virtio-block.ts';
import { VIRTIO_CONSOLE_RECEIVEQ, VIRTIO_ID_CONSOLE } from '../../../shared/virtio-console.ts';
import { VIRTIO_ID_NET, VIRTIO_NET_RECEIVEQ } from '../../../shared/virtio-net.ts';
import { CHAIN_MALFORMED, Chain, NOTHING_TAKEN, chainOf, takeChain } from './chain.ts';
import { blockConfiguration, serveBlock } from './block.ts';
import { configureConsole, serveConsole } from './console.ts';
import { VirtioDevice, breakDevice, interruptDriver } from './device.ts';
import { serveEntropy } from './entropy.ts';
import { netConfiguration, serveNet } from './net.ts';
import { queueOf, returnHead, wantsInterrupt } from './queue.ts';

/** Serves one buffer of a device; the bytes written to it, or -1 when the driver broke a rule of the device's type. */
export function serveChain(device: VirtioDevice, chain: Chain): i64 {
  switch (device.id) {
    case VIRTIO_ID_ENTROPY:
      return serveEntropy(chain);
    case VIRTIO_ID_CONSOLE:
      return serveConsole(chain);
    case VIRTIO_ID_BLOCK:
      return serveBlock(chain);
    case VIRTIO_ID_NET:
      return serveNet(chain);
    default:
      return -1;
  }
}

/** Whether the buffers of a queue wait until there is something to put into them. */
export function isForInput(device: VirtioDevice, index: u32): bool {
  if (device.id == VIRTIO_ID_NET) return index == VIRTIO_NET_RECEIVEQ;
  return device.id == VIRTIO_ID_CONSOLE && index == VIRTIO_CONSOLE_RECEIVEQ;
}

/** Reads the configuration space of a device's type, from a byte on. */
export function configurationOf(device: VirtioDevice, offset: u32): u64 {
  if (device.id == VIRTIO_ID_NET) return netConfiguration(offset);
  return device.id == VIRTIO_ID_BLOCK ? blockConfiguration(offset) : 0;
}

/** Writes to the configuration space of a device's type. */
export function configure(device: VirtioDevice, offset: u32, value: u32): void {
  if (device.id == VIRTIO_ID_CONSOLE) configureConsole(offset, value);
}

/** Uses every buffer that waits in a queue, on the thread of the vCPU that notified; under the device's lock. */
export function serveQueue(device: VirtioDevice, index: u32): void {
  const queue = queueOf(device, index);
  const chain = chainOf(device, index);
  let isUsed: bool = false;
  while (true) {
    const taken = takeChain(queue, chain);
    if (taken == NOTHING_TAKEN) break;
    const written = taken == CHAIN_MALFORMED ? -1 : serveChain(device, chain);
    if (written < 0) {
      breakDevice(device);
      return;
    }
    returnHead(queue, chain.head, <u32>written);
    isUsed = true;
  }
  if (isUsed && wantsInterrupt(queue)) interruptDriver(device, VIRTIO_INTERRUPT_USED_BUFFER);
}
