import {
  VIRTIO_CONSOLE_CONFIG_EMERG_WR,
  VIRTIO_CONSOLE_F_EMERG_WRITE,
} from '../../../shared/virtio-console.ts';
import { writeConsole, writeConsoleByte } from '../console.ts';
import { Chain, segmentOf } from './chain.ts';

/** Queues of the one port (virtio 5.3.2). */
export const CONSOLE_QUEUES: u32 = 2;
/** What the device offers. */
export const CONSOLE_FEATURES: u64 = VIRTIO_CONSOLE_F_EMERG_WRITE;

/** Sends a buffer of the transmit queue to the VM's console; -1 when there is anything to write in it (virtio 5.3.6). */
export function serveConsole(chain: Chain): i64 {
  if (chain.writableBytes != 0) return -1;
  for (let index: u32 = 0; index < chain.count; index++) {
    const segment = segmentOf(chain, index);
    writeConsole(segment.start, segment.bytes);
  }
  return 0;
}

/** Writes the configuration: a byte in an emergency, whatever else works (virtio 5.3.6). */
export function configureConsole(offset: u32, value: u32): void {
  if (offset == VIRTIO_CONSOLE_CONFIG_EMERG_WR) writeConsoleByte(value & 0xff);
}
