import { STATUS_DRIVER, failWith } from '../../failure.ts';
import { cstr } from '../../../shared/rv.ts';
import { readRandom } from '../../host.ts';
import { Chain, writeToChain } from './chain.ts';

/** It has one queue (virtio 5.4.2). */
export const ENTROPY_QUEUES: u32 = 1;

const BLOCK_BYTES: usize = 256;
const block: usize = memory.data(256, 8);

/** Makes sure that the host has random numbers to give; ends the process when there are none. */
export function checkEntropy(): void {
  const result = readRandom(block, 1);
  if (result < 0)
    failWith(STATUS_DRIVER, cstr('--devices entropy: the host has no random numbers'), result);
}

/** Fills a buffer with random bytes of the host (virtio 5.4.6); the bytes written, or -1 when there is anything to read in it, or nothing to write. */
export function serveEntropy(chain: Chain): i64 {
  if (chain.readableCount != 0 || chain.writableBytes == 0) return -1;
  let done: u64 = 0;
  while (done < chain.writableBytes) {
    const rest = chain.writableBytes - done;
    const count = readRandom(block, rest < BLOCK_BYTES ? rest : BLOCK_BYTES);
    if (count <= 0) break;
    done += writeToChain(chain, done, block, <usize>count);
  }
  return <i64>done;
}
