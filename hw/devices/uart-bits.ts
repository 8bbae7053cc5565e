/** Interrupt enable register. */
export const Ier = {
  dataAvailable: 0x01,
  transmitterEmpty: 0x02,
  lineStatus: 0x04,
  modemStatus: 0x08,
  implemented: 0x0f,
} as const;

/** Interrupt identification register: the values, highest priority first, and the FIFO bits. */
export const Iir = {
  lineStatus: 0x06,
  dataAvailable: 0x04,
  characterTimeout: 0x0c,
  transmitterEmpty: 0x02,
  modemStatus: 0x00,
  none: 0x01,
  fifosEnabled: 0xc0,
} as const;

/** FIFO control register. */
export const Fcr = { enable: 0x01, clearReceiver: 0x02, triggerShift: 6 } as const;

/** Line control register. */
export const Lcr = { divisorLatch: 0x80 } as const;

/** Modem control register. */
export const Mcr = {
  dtr: 0x01,
  rts: 0x02,
  out1: 0x04,
  out2: 0x08,
  loopback: 0x10,
  implemented: 0x1f,
} as const;

/** Line status register. */
export const Lsr = {
  dataReady: 0x01,
  overrun: 0x02,
  transmitterHoldingEmpty: 0x20,
  transmitterEmpty: 0x40,
} as const;

/** Modem status register: the lines, and the one change bit that is not four places below its line's. */
export const Msr = { cts: 0x10, dsr: 0x20, ring: 0x40, carrier: 0x80, deltaRing: 0x04 } as const;

/** The modem lines of MSR: those of a present terminal, or the modem control outputs while looped back. */
export function modemLines(mcr: number): number {
  if ((mcr & Mcr.loopback) === 0) {
    return Msr.cts | Msr.dsr | Msr.carrier;
  }
  return (
    ((mcr & Mcr.rts) !== 0 ? Msr.cts : 0) |
    ((mcr & Mcr.dtr) !== 0 ? Msr.dsr : 0) |
    ((mcr & Mcr.out1) !== 0 ? Msr.ring : 0) |
    ((mcr & Mcr.out2) !== 0 ? Msr.carrier : 0)
  );
}
