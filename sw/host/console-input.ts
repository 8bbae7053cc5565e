import { sb } from '../shared/rv.ts';
import { Hart } from './hart.ts';
import { consoleAddress, consoleSource } from './machine.ts';
import { deviceAddress } from './memory/page-table.ts';
import { hasPlic } from './plic.ts';
import { FOREVER, Thread, threadLimit } from './process/thread.ts';
import { sleepUntil } from './scheduler.ts';
import { wakeFutex } from './syscall/futex.ts';

/**
 * How threads wait for somebody to type. The firmware reads and writes the UART; all that the kernel does with it is to let it interrupt
 * while somebody waits.
 */

/** Interrupt enable register of a 16550, and its bit for received data. */
const INTERRUPT_ENABLE: i32 = 1;
const DATA_AVAILABLE: u32 = 1;

/** Word of the kernel that threads wait for as they do for a futex. */
const waiting: usize = memory.data(8, 8);

function uart(): usize {
  return deviceAddress(consoleAddress);
}

/** Whether the console can interrupt the kernel; else it is looked at again and again. */
export function doesConsoleInterrupt(): bool {
  return consoleAddress != 0 && uart() != 0 && consoleSource != 0 && hasPlic();
}

/** Puts the thread to sleep until the console has something to read; what is there already wakes it at once. */
export function awaitInput(hart: Hart, thread: Thread): void {
  thread.futex = waiting;
  sleepUntil(hart, thread, FOREVER, <i64>thread.a0);
  sb(uart(), DATA_AVAILABLE, INTERRUPT_ENABLE);
}

/** Wakes who waits for input; the console is quiet until somebody waits again. */
export function onConsoleInterrupt(hart: Hart): void {
  sb(uart(), 0, INTERRUPT_ENABLE);
  wakeFutex(hart, waiting, threadLimit);
}
