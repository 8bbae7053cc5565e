import { takePage } from '../memory/frames.ts';
import { Nic, nicAt } from './nic.ts';

/** Most buffers of each direction of an interface. */
export const SEND_BUFFERS: u64 = 4;
export const RECEIVE_BUFFERS: u64 = 8;
const BUFFER_BYTES: usize = 2048;
const BUFFERS_OF_PAGE: u64 = 2;
const PAGES: u64 = (SEND_BUFFERS + RECEIVE_BUFFERS) / BUFFERS_OF_PAGE;

/** The pages of each interface, and the lengths of what is in its buffers for receiving. */
const pages: usize = memory.data(8 * 6 * 4, 8);
const lengths: usize = memory.data(8 * 8 * 4, 8);

function indexOf(nic: Nic): usize {
  return (changetype<usize>(nic) - changetype<usize>(nicAt(0))) / offsetof<Nic>();
}

/** Takes memory for an interface's buffers; false when there is none. They stay for the machine's life: a frame may come at any time. */
export function takeBuffers(nic: Nic): bool {
  for (let page: u64 = 0; page < PAGES; page++) {
    const slot = pages + ((indexOf(nic) * PAGES + page) << 3);
    if (load<usize>(slot) == 0) store<usize>(slot, takePage());
    if (load<usize>(slot) == 0) return false;
  }
  return true;
}

function bufferAt(nic: Nic, index: u64): usize {
  const page = load<usize>(pages + ((indexOf(nic) * PAGES + index / BUFFERS_OF_PAGE) << 3));
  return page + <usize>(index % BUFFERS_OF_PAGE) * BUFFER_BYTES;
}

/** Where the frame goes that is the `count`th to be sent. */
export function sendBuffer(nic: Nic, count: u64): usize {
  return bufferAt(nic, count % nic.sendRing);
}

/** Where the frame is that is the `count`th received. */
export function receiveBuffer(nic: Nic, count: u64): usize {
  return bufferAt(nic, SEND_BUFFERS + (count % nic.receiveRing));
}

function lengthSlot(nic: Nic, count: u64): usize {
  return lengths + ((indexOf(nic) * RECEIVE_BUFFERS + (count % nic.receiveRing)) << 3);
}

/** Bytes of the frame that is the `count`th received. */
export function lengthOf(nic: Nic, count: u64): u64 {
  return load<u64>(lengthSlot(nic, count));
}

/** Notes how many bytes a frame has. */
export function noteLength(nic: Nic, count: u64, length: u64): void {
  store<u64>(lengthSlot(nic, count), length);
}
