declare const virtualBrand: unique symbol;

/** A value of the low-level representation: a number from 32 up, or 0 for x0, which is always zero. */
export type VirtualRegister = number & { readonly [virtualBrand]: true };

/** The register that reads as zero. */
export const zeroValue = 0 as VirtualRegister;

/** Smallest number that is not a machine register. */
export const firstVirtual = 32;
