import { registerNames, type RegisterName } from '../../../hw/isa/index.ts';

export type { RegisterName };

declare const registerBrand: unique symbol;

/** An integer register x0-x31, so that no offset or CSR number can stand where a register belongs. */
export type Register = number & { readonly [registerBrand]: true };

/** All 32 integer registers by name: `const { a0, sp } = registers`. */
export const registers = Object.fromEntries(
  registerNames.map((name, number) => [name, number as Register]),
) as Readonly<Record<RegisterName, Register>>;

/** The register with this number (0-31). */
export function registerAt(number: number): Register {
  if (!Number.isInteger(number) || number < 0 || number > 31) {
    throw new RangeError(`register number ${number} is not in 0-31`);
  }
  return number as Register;
}
