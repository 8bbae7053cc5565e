import { UART_BASE, UART_SIZE, readUart, writeUart } from './uart.ts';

/** Whether an emulated device answers at this guest-physical address. */
export function isDevice(address: u64): bool {
  return address - UART_BASE < UART_SIZE;
}

/** Reads the device at a guest-physical address. The devices have byte-wide registers: wider reads see zeros above. */
export function readDevice(address: u64): u64 {
  return readUart(address - UART_BASE);
}

/** Writes the device at a guest-physical address; only the low byte reaches a byte-wide register. */
export function writeDevice(address: u64, value: u64): void {
  writeUart(address - UART_BASE, <u32>value);
}
