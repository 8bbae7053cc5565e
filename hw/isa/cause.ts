/** Exception codes, as `mcause` reports them without the interrupt bit (priv 3.1.15, priv 18.6.1; 24 is DV-Ext's). */
export const Cause = {
  instructionAddressMisaligned: 0,
  instructionAccessFault: 1,
  illegalInstruction: 2,
  breakpoint: 3,
  loadAddressMisaligned: 4,
  loadAccessFault: 5,
  storeAddressMisaligned: 6,
  storeAccessFault: 7,
  environmentCallFromU: 8,
  environmentCallFromHS: 9,
  environmentCallFromVS: 10,
  environmentCallFromM: 11,
  instructionPageFault: 12,
  loadPageFault: 13,
  storePageFault: 15,
  softwareCheck: 18,
  hardwareError: 19,
  instructionGuestPageFault: 20,
  loadGuestPageFault: 21,
  virtualInstruction: 22,
  storeGuestPageFault: 23,
  postingFault: 24,
} as const;

/** One of the exception codes. */
export type Cause = (typeof Cause)[keyof typeof Cause];

/** Interrupt numbers: the bit in `mip`, and the code in `mcause` (priv 3.1.9, priv 18.4.3; 0, 4 and 8 are DV-Ext's, 16 its QEMU fork's). */
export const Interrupt = {
  usip: 0,
  ssip: 1,
  vssip: 2,
  msip: 3,
  utip: 4,
  stip: 5,
  vstip: 6,
  mtip: 7,
  ueip: 8,
  seip: 9,
  vseip: 10,
  meip: 11,
  sgei: 12,
  uvtip: 16,
} as const;

/** One of the interrupt numbers. */
export type Interrupt = (typeof Interrupt)[keyof typeof Interrupt];

/** The name under which `Interrupt` lists an interrupt number. */
export type InterruptName = keyof typeof Interrupt;

/** Bit 63 of the cause registers: set when the trap is an interrupt. */
export const INTERRUPT_BIT = 1n << 63n;

/** Sums single bits: `bitsOf(Cause.breakpoint, …)` is a delegation mask. */
export function bitsOf(...positions: readonly number[]): bigint {
  return positions.reduce((mask, position) => mask | (1n << BigInt(position)), 0n);
}

const vsInterrupts: readonly number[] = [Interrupt.vssip, Interrupt.vstip, Interrupt.vseip];

/** Interrupts that belong to VS level, which `mideleg` always delegates (priv 18.4.2). */
export const VS_INTERRUPTS = bitsOf(...vsInterrupts);

/** Whether an interrupt belongs to VS level. */
export function isVsInterrupt(number: number): boolean {
  return vsInterrupts.includes(number);
}

/** Interrupts that belong to HU level, which `sideleg` can delegate (duvisor 3). */
export const HU_INTERRUPTS = bitsOf(Interrupt.usip, Interrupt.utip, Interrupt.ueip);

/** The exceptions that can report a guest physical address: guest-page faults, and access faults of memory checking. */
const guestAddressCauses: ReadonlySet<number> = new Set([
  Cause.instructionAccessFault,
  Cause.loadAccessFault,
  Cause.storeAccessFault,
  Cause.instructionGuestPageFault,
  Cause.loadGuestPageFault,
  Cause.storeGuestPageFault,
]);

/** Whether an exception can report a guest physical address (priv 18.6.1, duvisor 4). */
export function reportsGuestAddress(cause: number): boolean {
  return guestAddressCauses.has(cause);
}

/** The names of a table's numbers. */
function namesOf(table: Readonly<Record<string, number>>): readonly (string | undefined)[] {
  const names: (string | undefined)[] = [];
  for (const [name, number] of Object.entries(table)) names[number] = name;
  return names;
}

const causeNames = namesOf(Cause);
const interruptNames = namesOf(Interrupt);

/** Name of an exception code, or `exception N` where the specification has none. */
export function causeName(code: number): string {
  return causeNames[code] ?? `exception ${String(code)}`;
}

/** Name of an interrupt number, or `interrupt N` where the specification has none. */
export function interruptName(code: number): string {
  return interruptNames[code] ?? `interrupt ${String(code)}`;
}
