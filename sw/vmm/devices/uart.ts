import { writeConsoleByte } from './console.ts';

/** Guest-physical address of the 16550 UART, and the bytes of its window. */
export const UART_BASE: u64 = 0x1000_0000;
export const UART_SIZE: u64 = 0x100;

/** Registers by offset; DLL and DLM replace the first two while LCR.DLAB is set (16550 datasheet, table 2). */
const THR_RBR: u32 = 0;
const IER: u32 = 1;
const IIR_FCR: u32 = 2;
const LCR: u32 = 3;
const MCR: u32 = 4;
const LSR: u32 = 5;
const MSR: u32 = 6;
const SCR: u32 = 7;

const LCR_DLAB: u32 = 0x80;
const MCR_LOOP: u32 = 0x10;
const IER_TRANSMITTER_EMPTY: u32 = 0x2;
const IIR_NONE_FIFO: u32 = 0xc1;
const IIR_TRANSMITTER_EMPTY_FIFO: u32 = 0xc2;
/** Carrier, data set ready, clear to send: a line that is always there. */
const MSR_CONNECTED: u32 = 0xb0;
/** Transmitter holding register and shift register empty: writing never waits. */
const LSR_IDLE: u32 = 0x60;

let interruptEnable: u32 = 0;
let lineControl: u32 = 0;
let modemControl: u32 = 0;
let scratch: u32 = 0;
/** Whether the transmitter became empty since IIR was last read (16550 datasheet, 8.6). */
let hasEmptied: bool = false;
/** Whether it did so, with its interrupt enabled, since somebody was last told. */
let isInterruptNew: bool = false;
let divisorLow: u32 = 1;
let divisorHigh: u32 = 0;

/** Reads the register at a byte offset. There is no input, so no byte ever waits. */
export function readUart(offset: u64): u32 {
  const latch = (lineControl & LCR_DLAB) != 0;
  switch (<u32>offset) {
    case THR_RBR:
      return latch ? divisorLow : 0;
    case IER:
      return latch ? divisorHigh : interruptEnable;
    case IIR_FCR:
      return identifyInterrupt();
    case LCR:
      return lineControl;
    case MCR:
      return modemControl;
    case LSR:
      return LSR_IDLE;
    case MSR:
      return MSR_CONNECTED;
    case SCR:
      return scratch;
    default:
      return 0;
  }
}

/** Writes the register at a byte offset; bytes sent in loop-back mode reach nobody. */
export function writeUart(offset: u64, value: u32): void {
  const latch = (lineControl & LCR_DLAB) != 0;
  const byte = value & 0xff;
  switch (<u32>offset) {
    case THR_RBR:
      if (latch) divisorLow = byte;
      else sendByte(byte);
      break;
    case IER:
      if (latch) divisorHigh = byte;
      else enableInterrupts(byte & 0xf);
      break;
    case LCR:
      lineControl = byte;
      break;
    case MCR:
      modemControl = byte & 0x1f;
      break;
    case SCR:
      scratch = byte;
      break;
    default:
      break;
  }
}

function identifyInterrupt(): u32 {
  if (!hasEmptied || (interruptEnable & IER_TRANSMITTER_EMPTY) == 0) return IIR_NONE_FIFO;
  hasEmptied = false;
  return IIR_TRANSMITTER_EMPTY_FIFO;
}

function sendByte(byte: u32): void {
  if ((modemControl & MCR_LOOP) == 0) writeConsoleByte(byte);
  noteEmptied();
}

function enableInterrupts(wanted: u32): void {
  const isTurnedOn = (wanted & ~interruptEnable & IER_TRANSMITTER_EMPTY) != 0;
  interruptEnable = wanted;
  if (isTurnedOn) noteEmptied();
}

function noteEmptied(): void {
  hasEmptied = true;
  if ((interruptEnable & IER_TRANSMITTER_EMPTY) != 0) isInterruptNew = true;
}

/** Whether the UART has begun to interrupt since this was last asked. */
export function takeUartInterrupt(): bool {
  const isNew = isInterruptNew;
  isInterruptNew = false;
  return isNew;
}
