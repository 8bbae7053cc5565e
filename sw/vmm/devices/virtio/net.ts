import { cstr } from '../../../shared/rv.ts';
import {
  ETHERNET_ADDRESS_BYTES,
  ETHERNET_HEADER_BYTES,
  ETHERNET_LONGEST_FRAME,
} from '../../../shared/ethernet.ts';
import { NET_GET_ADDRESS, O_RDWR } from '../../../shared/syscalls.ts';
import {
  VIRTIO_NET_CONFIG_MAC,
  VIRTIO_NET_F_MAC,
  VIRTIO_NET_HDR_GSO_NONE,
  VIRTIO_NET_HEADER_BUFFERS,
  VIRTIO_NET_HEADER_BYTES,
  VIRTIO_NET_HEADER_FLAGS,
  VIRTIO_NET_HEADER_SEGMENTATION,
  VIRTIO_NET_RECEIVEQ,
} from '../../../shared/virtio-net.ts';
import { STATUS_DRIVER, failWith } from '../../failure.ts';
import { control, openFile, readSome, writeSome } from '../../host.ts';
import { Chain, readFromChain } from './chain.ts';
import { VirtioDevice, lockDevice, unlockDevice } from './device.ts';
import { fillBuffer } from './input.ts';

/** Queues of the one pair (virtio 5.1.2). */
export const NET_QUEUES: u32 = 2;
/** What the device offers. */
export const NET_FEATURES: u64 = VIRTIO_NET_F_MAC;

let net: u64 = 0;
let address: u64 = 0;
/** A header and the frame behind it: to be sent, and received. */
const outgoing: usize = memory.data(2048, 8);
const incoming: usize = memory.data(2048, 8);

/** Opens a network interface of the host; ends the process when there is none. */
export function openNet(): void {
  const file = openFile(cstr('/dev/net'), O_RDWR);
  if (file < 0) failWith(STATUS_DRIVER, cstr('--devices net: cannot open /dev/net'), file);
  net = <u64>file;
  address = <u64>control(net, NET_GET_ADDRESS, 0);
}

/** The configuration space: nothing but the address, which is the interface's (virtio 5.1.4). */
export function netConfiguration(offset: u32): u64 {
  const byte = offset - VIRTIO_NET_CONFIG_MAC;
  return byte < <u32>ETHERNET_ADDRESS_BYTES ? address >> ((<u64>byte) << 3) : 0;
}

/**
 * Sends a buffer of the transmit queue; -1 when there is anything to write in it, no room for a header, or a header that asks for what was
 * not agreed on (virtio 5.1.6.2). A frame that the host does not take is lost, as on any network.
 */
export function serveNet(chain: Chain): i64 {
  if (chain.writableBytes != 0 || chain.readableBytes < VIRTIO_NET_HEADER_BYTES) return -1;
  const longest = VIRTIO_NET_HEADER_BYTES + ETHERNET_LONGEST_FRAME;
  const bytes = readFromChain(chain, 0, outgoing, longest);
  const segmentation = load<u8>(outgoing, VIRTIO_NET_HEADER_SEGMENTATION);
  if (load<u8>(outgoing, VIRTIO_NET_HEADER_FLAGS) != 0) return -1;
  if (segmentation != VIRTIO_NET_HDR_GSO_NONE) return -1;
  const frame = bytes - VIRTIO_NET_HEADER_BYTES;
  if (chain.readableBytes <= longest && frame >= ETHERNET_HEADER_BYTES)
    writeSome(net, outgoing + VIRTIO_NET_HEADER_BYTES, frame);
  return 0;
}

/** Waits for a frame from the host's interface and puts it into the next buffer of the receive queue; without one it is lost (virtio 5.1.6.4). */
export function receiveFrame(device: VirtioDevice): void {
  const frame = incoming + VIRTIO_NET_HEADER_BYTES;
  const bytes = readSome(net, frame, ETHERNET_LONGEST_FRAME);
  if (bytes < 0) failWith(STATUS_DRIVER, cstr('cannot read /dev/net'), bytes);
  store<u16>(incoming, 1, VIRTIO_NET_HEADER_BUFFERS);
  const length = VIRTIO_NET_HEADER_BYTES + <usize>bytes;
  lockDevice(device);
  fillBuffer(device, VIRTIO_NET_RECEIVEQ, incoming, length, length);
  unlockDevice(device);
}
