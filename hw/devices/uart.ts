import { defineDevice, line, output, stream } from '../kernel/index.ts';
import { Fcr, Ier, Iir, Lcr, Lsr, Mcr, modemLines, Msr } from './uart-bits.ts';
import {
  hasReceived,
  interruptOf,
  receive,
  receiveTriggers,
  refill,
  uartReset,
  type UartState,
} from './uart-state.ts';

function lineStatus(state: UartState): number {
  return (
    (hasReceived(state) ? Lsr.dataReady : 0) |
    (state.overrun ? Lsr.overrun : 0) |
    Lsr.transmitterHoldingEmpty |
    Lsr.transmitterEmpty
  );
}

function isDivisorSelected({ lcr }: UartState): boolean {
  return (lcr & Lcr.divisorLatch) !== 0;
}

function setModemControl(draft: UartState, value: number): void {
  const before = modemLines(draft.mcr);
  draft.mcr = value & Mcr.implemented;
  const changed = before ^ modemLines(draft.mcr);
  // The ring indicator counts only where it ends.
  const rangOff = (before & ~modemLines(draft.mcr) & Msr.ring) !== 0 ? Msr.deltaRing : 0;
  draft.modemDelta |= ((changed & ~Msr.ring) >> 4) | rangOff;
  refill(draft);
}

function setFifoControl(draft: UartState, value: number): void {
  const enabled = (value & Fcr.enable) !== 0;
  if (enabled !== draft.fifoEnabled || (value & Fcr.clearReceiver) !== 0) {
    draft.received = [];
  }
  draft.fifoEnabled = enabled;
  draft.trigger = enabled ? (receiveTriggers[value >> Fcr.triggerShift] ?? 1) : 1;
  refill(draft);
}

/**
 * A 16550 UART with registers one byte apart (source: National Semiconductor PC16550D data sheet; names as there).
 * A byte leaves at once when it is written, so the transmitter is always empty; a received byte counts as timed out
 * when there are fewer than the trigger level. Console input waits outside until the receiver has room.
 */
export const uart = defineDevice({
  kind: 'uart',
  summary: 'UART 16550: the console.',
  size: 0x100,
  unmapped: 'zero',
  ports: {
    irq: output(line, 'any enabled interrupt is pending'),
    out: stream<number>('bytes sent'),
  },
  reset: uartReset,
  registers: {
    'rbr/thr/dll': {
      offset: 0,
      bytes: 1,
      description: 'Receiver buffer, transmitter holding; divisor latch low while LCR.DLAB.',
      read: (state) => (isDivisorSelected(state) ? state.divisor & 0xff : (state.received[0] ?? 0)),
      afterRead: (draft) => {
        if (!isDivisorSelected(draft)) {
          draft.received.shift();
          refill(draft);
        }
      },
      write: (draft, value, { emit }) => {
        if (isDivisorSelected(draft)) {
          draft.divisor = (draft.divisor & 0xff00) | value;
          return;
        }
        draft.transmitterEmptied = true;
        if ((draft.mcr & Mcr.loopback) !== 0) {
          receive(draft, value);
        } else {
          emit.out(value);
        }
      },
    },
    'ier/dlm': {
      offset: 1,
      bytes: 1,
      description: 'Interrupt enable; divisor latch high while LCR.DLAB.',
      read: (state) => (isDivisorSelected(state) ? state.divisor >> 8 : state.ier),
      write: (draft, value) => {
        if (isDivisorSelected(draft)) {
          draft.divisor = (draft.divisor & 0x00ff) | (value << 8);
          return;
        }
        const turnsOn = value & ~draft.ier;
        draft.ier = value & Ier.implemented;
        if ((turnsOn & Ier.transmitterEmpty) !== 0) {
          draft.transmitterEmptied = true;
        }
      },
    },
    'iir/fcr': {
      offset: 2,
      bytes: 1,
      description: 'Interrupt identification; FIFO control when written.',
      read: (state) => interruptOf(state) | (state.fifoEnabled ? Iir.fifosEnabled : 0),
      afterRead: (draft) => {
        if (interruptOf(draft) === Iir.transmitterEmpty) {
          draft.transmitterEmptied = false;
        }
      },
      write: setFifoControl,
    },
    lcr: {
      offset: 3,
      bytes: 1,
      description: 'Line control; the format has no effect on the bytes.',
      read: (state) => state.lcr,
      write: (draft, value) => {
        draft.lcr = value;
      },
    },
    mcr: {
      offset: 4,
      bytes: 1,
      description: 'Modem control, with loopback.',
      read: (state) => state.mcr,
      write: setModemControl,
    },
    lsr: {
      offset: 5,
      bytes: 1,
      description: 'Line status; reading clears the overrun.',
      read: lineStatus,
      afterRead: (draft) => {
        draft.overrun = false;
      },
    },
    msr: {
      offset: 6,
      bytes: 1,
      description: 'Modem status; reading clears the changes.',
      read: (state) => modemLines(state.mcr) | state.modemDelta,
      afterRead: (draft) => {
        draft.modemDelta = 0;
      },
    },
    scr: {
      offset: 7,
      bytes: 1,
      description: 'Scratch.',
      read: (state) => state.scr,
      write: (draft, value) => {
        draft.scr = value;
      },
    },
  },
  drive: (state) => ({ irq: interruptOf(state) !== Iir.none }),
  actions: {
    /** A byte arrives from the console. */
    receive: (draft, byte) => {
      draft.waiting.push(byte & 0xff);
      refill(draft);
    },
  },
});
