import { lbu, sb } from '../shared/rv.ts';
import { uart } from './platform.ts';

/** Registers of the 16550: data, line status. `ns16550` */
const DATA: i32 = 0;
const LINE_STATUS: i32 = 5;
/** Line status bits: a byte was received, the transmitter has room. */
const DATA_READY: u32 = 1;
const TRANSMITTER_EMPTY: u32 = 0x20;

/** Sends one byte; waits for room. Without UART it is dropped. */
export function writeConsole(byte: u32): void {
  if (uart == 0) return;
  while ((lbu(uart, LINE_STATUS) & TRANSMITTER_EMPTY) == 0) {}
  sb(uart, byte, DATA);
}

/** Takes one received byte, or -1 when none is there. */
export function readConsole(): i64 {
  if (uart == 0 || (lbu(uart, LINE_STATUS) & DATA_READY) == 0) return -1;
  return <i64>lbu(uart, DATA);
}

/** Sends a NUL-terminated string. */
export function printString(text: usize): void {
  for (let c: u32; (c = load<u8>(text)) != 0; text++) writeConsole(c);
}

/** Sends a number as 16 hexadecimal digits. */
export function printHex(value: u64): void {
  for (let shift: i64 = 60; shift >= 0; shift -= 4) {
    const digit = (<u32>(value >> shift)) & 15;
    writeConsole(digit < 10 ? 0x30 + digit : 0x57 + digit);
  }
}
