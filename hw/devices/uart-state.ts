import { Ier, Iir, Mcr } from './uart-bits.ts';

/** Everything a UART remembers. */
export interface UartState {
  ier: number;
  lcr: number;
  mcr: number;
  scr: number;
  divisor: number;
  fifoEnabled: boolean;
  /** Received bytes that raise an interrupt. */
  trigger: number;
  /** The receiver FIFO, oldest first; one byte deep while the FIFOs are off. */
  received: number[];
  /** Console input that has not reached the receiver yet. */
  waiting: number[];
  overrun: boolean;
  /** The transmitter emptied, and software was not told yet. */
  transmitterEmptied: boolean;
  /** Low four bits of MSR: modem lines changed. */
  modemDelta: number;
}

/** The state after reset; no interrupt is enabled and the FIFOs are off. */
export const uartReset: UartState = {
  ier: 0,
  lcr: 0,
  mcr: 0,
  scr: 0,
  divisor: 0,
  fifoEnabled: false,
  trigger: 1,
  received: [],
  waiting: [],
  overrun: false,
  transmitterEmptied: true,
  modemDelta: 0,
};

/** Receiver trigger levels by the top two bits of FCR. */
export const receiveTriggers = [1, 4, 8, 14] as const;

const fifoDepth = 16;

/** Whether a byte can be read. */
export function hasReceived({ received }: UartState): boolean {
  return received.length > 0;
}

function depth({ fifoEnabled }: UartState): number {
  return fifoEnabled ? fifoDepth : 1;
}

/** Takes a byte from the line; it is lost if there is no room. */
export function receive(draft: UartState, byte: number): void {
  if (draft.received.length < depth(draft)) {
    draft.received.push(byte);
  } else {
    draft.overrun = true;
    if (!draft.fifoEnabled) {
      draft.received = [byte];
    }
  }
}

/** Moves waiting console input into the receiver while there is room; the line is cut while looped back. */
export function refill(draft: UartState): void {
  while (
    (draft.mcr & Mcr.loopback) === 0 &&
    draft.waiting.length > 0 &&
    draft.received.length < depth(draft)
  ) {
    receive(draft, draft.waiting.shift() ?? 0);
  }
}

/** The pending enabled interrupt of highest priority, as IIR shows it; `Iir.none` if there is none. */
export function interruptOf(state: UartState): number {
  const { ier } = state;
  if ((ier & Ier.lineStatus) !== 0 && state.overrun) {
    return Iir.lineStatus;
  }
  if ((ier & Ier.dataAvailable) !== 0 && hasReceived(state)) {
    return state.received.length >= state.trigger ? Iir.dataAvailable : Iir.characterTimeout;
  }
  if ((ier & Ier.transmitterEmpty) !== 0 && state.transmitterEmptied) {
    return Iir.transmitterEmpty;
  }
  if ((ier & Ier.modemStatus) !== 0 && state.modemDelta !== 0) {
    return Iir.modemStatus;
  }
  return Iir.none;
}
