/** A register of the prototype's core-local interruptor, by its place there. */
export interface CoreLocalRegister {
  /** Bytes from the interruptor's base, of hart 0 where every hart has one. */
  readonly offset: number;
  /** Bytes from one hart's to the next one's; 0 where all harts share the register. */
  readonly stride: 0 | 8;
}

/** Where the prototype's cores look for the interruptor, whatever a platform says (duvisor 2.2). */
export const coreLocalBase = 0x0200_0000;

/** What DV-Ext's prototype adds to the interruptor; each is 8 bytes (duvisor 5.2). */
export const coreLocalMap = {
  vtimecmp: { offset: 0x1000, stride: 8 },
  vtimectl: { offset: 0x1800, stride: 8 },
  vipi0: { offset: 0x5000, stride: 0 },
  vipi1: { offset: 0x5008, stride: 0 },
  vipi2: { offset: 0x5010, stride: 0 },
  vipi3: { offset: 0x5018, stride: 0 },
  vcpuid: { offset: 0x5800, stride: 8 },
} as const satisfies Record<string, CoreLocalRegister>;

/** Name of a register that cores reach by instructions of their own. */
type CoreLocalName = keyof typeof coreLocalMap;

/** The registers by bits 29:27 of the instruction that reaches them; `time` (0) is reached as a CSR (duvisor 2.2). */
const selected: readonly (CoreLocalName | undefined)[] = [
  undefined,
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
  const { offset, stride } = coreLocalMap[name];
  return coreLocalBase + offset + stride * hartId;
}
