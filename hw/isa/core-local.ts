/** A register of a core-local interruptor with DV-Ext, by its place there. */
interface CoreLocalRegister {
  /** Bytes from the interruptor's base, of hart 0 where every hart has one. */
  readonly offset: number;
  /** Bytes from one hart's to the next one's; 0 where all harts share the register. */
  readonly stride: 0 | 4 | 8;
}

/** Where cores with DV-Ext look for the interruptor, whatever a platform says (duvisor 2.2). */
export const coreLocalBase = 0x0200_0000;

/** What the cores of DV-Ext's prototype reach of the interruptor by themselves; each is 8 bytes (duvisor 2.2, duvisor 5.2). */
export const coreLocalMap = {
  time: { offset: 0xbff8, stride: 0 },
  vtimecmp: { offset: 0x1000, stride: 8 },
  vtimectl: { offset: 0x1800, stride: 8 },
  vipi0: { offset: 0x5000, stride: 0 },
  vipi1: { offset: 0x5008, stride: 0 },
  vipi2: { offset: 0x5010, stride: 0 },
  vipi3: { offset: 0x5018, stride: 0 },
  vcpuid: { offset: 0x5800, stride: 8 },
} as const satisfies Record<string, CoreLocalRegister>;

/** Name of a register that cores reach in a way of their own. */
export type CoreLocalName = keyof typeof coreLocalMap;

/** Registers of the QEMU fork's interruptor that its harts reach as CSRs; the guest timer is in the harts. */
export type CoreLocalCsr = Exclude<ForkName, 'vtimecmp' | 'vtimectl'>;

/** What the fork adds to the interruptor. */
type ForkName = Exclude<CoreLocalName, 'time'>;

/** Where the QEMU fork's interruptor has them (duvisor 5.5). */
export const forkCoreLocalMap = {
  vtimecmp: { offset: 0x1_0000, stride: 8 },
  vtimectl: { offset: 0x1_0800, stride: 4 },
  vipi0: { offset: 0x1_5000, stride: 0 },
  vipi1: { offset: 0x1_5008, stride: 0 },
  vipi2: { offset: 0x1_5010, stride: 0 },
  vipi3: { offset: 0x1_5018, stride: 0 },
  vcpuid: { offset: 0x1_5800, stride: 8 },
} as const satisfies Record<ForkName, CoreLocalRegister>;

/**
 * A hart's guest timer as its interruptor reaches it: doublewords, each hart's so many bytes behind those of the one before.
 */
export const guestTimerMap = { vtimecmp: 0x0, vtimectl: 0x8, bytes: 0x10 } as const;

/** The registers by bits 29:27 of the instruction that reaches them; that for `time` reads the CSR (duvisor 2.2). */
const selected: readonly CoreLocalName[] = [
  'time',
  'vipi0',
  'vipi1',
  'vipi2',
  'vtimecmp',
  'vipi3',
  'vtimectl',
  'vcpuid',
];

/** Physical address of the register that an instruction word reaches on a hart. */
export function coreLocalAddress(word: number, hartId: number): number {
  const name = selected[(word >>> 27) & 7];
  if (name === undefined) throw new RangeError(`no register behind ${word.toString(16)}`);
  return addressOf(coreLocalMap[name], hartId);
}

/** Physical address of the register that a CSR of the QEMU fork is on a hart. */
export function forkCoreLocalAddress(name: CoreLocalCsr, hartId: number): number {
  return addressOf(forkCoreLocalMap[name], hartId);
}

function addressOf({ offset, stride }: CoreLocalRegister, hartId: number): number {
  return coreLocalBase + offset + stride * hartId;
}
