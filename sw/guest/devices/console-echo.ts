import { cstr } from '../../shared/rv.ts';
import { check } from '../runtime/verdict.ts';
import { awaitText, openConsole, received, receiveQueue, writeBytes } from '../virtio/console.ts';
import { VirtioPort } from '../virtio/discover.ts';
import { awaitUsed } from '../virtio/queue.ts';

/** Ends the input (ASCII). */
const END_OF_TRANSMISSION: u32 = 4;

/** Sends back what is typed, buffer by buffer, until somebody types the end of the transmission. */
export function echoConsole(port: VirtioPort): void {
  const opened = openConsole(port);
  let isOver: bool = false;
  while (opened && !isOver) {
    awaitUsed(receiveQueue);
    let count = receiveQueue.written;
    if (load<u8>(received + count - 1) == END_OF_TRANSMISSION) {
      isOver = true;
      count--;
    }
    if (count != 0) writeBytes(received, count);
    if (!isOver) awaitText();
  }
  check(cstr('console-opened'), opened ? 1 : 0, 1);
}
