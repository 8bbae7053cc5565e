import { bitsOf, HU_INTERRUPTS, Interrupt } from '../cause.ts';
import type { Extension } from '../instructions/selection.ts';
import { Stage1Mode, Stage2Mode } from '../translation.ts';
import { bits } from './csr.ts';
import type { CsrField, Legalize, MaskRule } from './csr.ts';
import { hasExtension } from './features.ts';
import type { CsrFeatures, DvCsrRules } from './features.ts';

/** Keeps only bits that a hart has: a rule made from a mask that depends on the hart's features. */
export function masked(mask: MaskRule['mask']): MaskRule {
  const keep: Legalize = (proposed, _current, { features }) => proposed & mask(features);
  return Object.assign(keep, { mask });
}

/** Writable on a hart with the H extension, zero without. */
export const withHypervisor: Legalize = masked((features) =>
  hasExtension(features, 'h') ? ~0n : 0n,
);

/** Writable on a hart with DV-Ext, zero without. */
export const withDv: Legalize = masked((features) => (features.dv === undefined ? 0n : ~0n));

/** Interrupts of HU that a hart with DV-Ext has: the QEMU fork has one more, number 16 (duvisor 1.6). */
export function handlerInterrupts(dv: DvCsrRules | undefined): bigint {
  if (dv === undefined) return 0n;
  return HU_INTERRUPTS | (dv.userInterrupts === 'fork-masks' ? bitsOf(Interrupt.uvtip) : 0n);
}

/** Writable on a hart that has interrupt 16, zero on others. */
export const withForkInterrupt: Legalize = masked(({ dv }) =>
  dv?.userInterrupts === 'fork-masks' ? ~0n : 0n,
);

/** Writable on a hart with the extension of a name, zero without. */
export function withExtension(name: Extension): Legalize {
  return masked(({ named }) => (named.has(name) ? ~0n : 0n));
}

/** Mask of the `count` lowest bits. */
export function lowBits(count: number): bigint {
  return (1n << BigInt(count)) - 1n;
}

/** The address-space identifier, as many bits wide as the hart implements. */
export const asid: Legalize = masked(({ asidBits }) => lowBits(asidBits));

/** The virtual-machine identifier, as many bits wide as the hart implements. */
export const vmid: Legalize = masked(({ vmidBits }) => lowBits(vmidBits));

/** An exception program counter: never less aligned than instructions are (priv 3.1.14). */
export const instructionAddress: Legalize = masked((features) =>
  hasExtension(features, 'c') ? ~1n : ~3n,
);

const vectorModes: readonly bigint[] = [0n, 1n];

/** A trap vector: direct and vectored modes; the base of a vectored one may have to be more aligned (priv 3.1.7). */
export const trapVector: Legalize = (proposed, current, { features }) => {
  const mode = vectorModes.includes(proposed & 3n) ? proposed & 3n : current & 3n;
  const alignment = BigInt(mode === 1n ? features.vectoredAlignment : 4);
  return (proposed & -alignment) | mode;
};

/** Fields of a trap vector; the register's rule is `trapVector`. */
export const trapVectorFields = {
  base: bits(63, 2, 'any'),
  mode: bits(1, 0, 'any'),
} as const satisfies Record<string, CsrField>;

/** Fields of a trap cause: six bits of code hold every cause of this model and the custom ranges. */
export const causeFields = {
  interrupt: bits(63, 63, 'any'),
  code: bits(5, 0, 'any'),
} as const satisfies Record<string, CsrField>;

/** The one field of a register that is a plain 64-bit value. */
export const wholeWord = { value: bits(63, 0, 'any') } as const satisfies Record<string, CsrField>;

function hasStage1(features: CsrFeatures, mode: bigint): boolean {
  if (mode === Stage1Mode.sv48) return features.named.has('sv48');
  return mode === Stage1Mode.bare || mode === Stage1Mode.sv39;
}

function hasStage2(features: CsrFeatures, mode: bigint): boolean {
  if (mode === Stage2Mode.sv48x4) return features.named.has('sv48');
  return mode === Stage2Mode.bare || mode === Stage2Mode.sv39x4;
}

/** Ignores a write that names an unsupported translation mode (priv 10.1.11). */
export const supportedStage1: Legalize = (proposed, current, { features }) =>
  hasStage1(features, proposed >> 60n) ? proposed : current;

/** A mode of stage 1 that the hart has; another leaves the field as it is. */
export const stage1Mode: Legalize = (proposed, current, { features }) =>
  hasStage1(features, proposed) ? proposed : current;

/** A mode of stage 2 that the hart has; another leaves the field as it is (priv 18.2.10). */
export const stage2Mode: Legalize = (proposed, current, { features }) =>
  hasStage2(features, proposed) ? proposed : current;

/** The number of a guest external interrupt: one that exists, or none; anything else changes nothing (priv 18.2.1). */
export const guestInterruptNumber: Legalize = (proposed, current, { features }) =>
  proposed <= BigInt(features.guestInterruptCount) ? proposed : current;
