import { cstr } from '../../shared/rv.ts';
import { stringLength } from '../../shared/strings.ts';
import { takePending } from '../runtime/interrupts.ts';
import { check } from '../runtime/verdict.ts';
import { openConsole, receiveQueue, writeInEmergency, writeText } from '../virtio/console.ts';
import { VirtioPort } from '../virtio/discover.ts';
import { hasInterrupt } from '../virtio/port.ts';
import { takeUsed } from '../virtio/queue.ts';

const LINES: u64 = 3;
const NEWLINE: u32 = 10;

/** Sends a few lines in two pieces each, and one byte by byte through the configuration space; nobody answers. */
export function useConsole(port: VirtioPort): void {
  let sent: u64 = 0;
  const head = cstr('console: sent by ');
  const tail = cstr('virtio\n');
  const opened = openConsole(port);
  for (let line: u64 = 0; line < LINES; line++) {
    writeText(head, <u32>stringLength(head), tail, <u32>stringLength(tail));
    takePending();
  }
  for (let text = cstr('console: emergency'); load<u8>(text) != 0; text++)
    if (writeInEmergency(port, load<u8>(text))) sent++;
  writeInEmergency(port, NEWLINE);
  check(cstr('console-opened'), opened ? 1 : 0, 1);
  check(cstr('console-emergency-bytes'), sent, 18);
  check(cstr('console-received'), takeUsed(receiveQueue) ? 1 : 0, 0);
  if (hasInterrupt(port)) check(cstr('console-interrupts'), port.bufferInterrupts, LINES);
}
