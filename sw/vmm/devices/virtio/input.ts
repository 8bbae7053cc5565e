import { VIRTIO_INTERRUPT_USED_BUFFER } from '../../../shared/virtio.ts';
import { CHAIN_MALFORMED, NOTHING_TAKEN, chainOf, takeChain, writeToChain } from './chain.ts';
import { VirtioDevice, breakDevice, interruptDriver, isLive } from './device.ts';
import { queueOf, returnHead, untakeHead, wantsInterrupt } from './queue.ts';

/**
 * Puts bytes from outside into the next buffer of a queue for input, under the device's lock; how many, 0 when there is no buffer. One
 * that has less room than `least` stays where it is.
 */
export function fillBuffer(
  device: VirtioDevice,
  index: u32,
  bytes: usize,
  count: usize,
  least: usize,
): usize {
  const queue = queueOf(device, index);
  if (!isLive(device) || queue.isReady == 0) return 0;
  const chain = chainOf(device, index);
  const taken = takeChain(queue, chain);
  if (taken == NOTHING_TAKEN) return 0;
  if (taken == CHAIN_MALFORMED || chain.readableCount != 0) {
    breakDevice(device);
    return 0;
  }
  if (chain.writableBytes < least) {
    untakeHead(queue);
    return 0;
  }
  const written = writeToChain(chain, 0, bytes, count);
  returnHead(queue, chain.head, <u32>written);
  if (wantsInterrupt(queue)) interruptDriver(device, VIRTIO_INTERRUPT_USED_BUFFER);
  return written;
}
