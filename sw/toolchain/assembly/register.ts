declare const registerBrand: unique symbol;

/** An integer register x0-x31, so that no offset or CSR number can stand where a register belongs. */
export type Register = number & { readonly [registerBrand]: true };

const abiNames = [
  ...[
    'zero',
    'ra',
    'sp',
    'gp',
    'tp',
    't0',
    't1',
    't2',
    's0',
    's1',
    'a0',
    'a1',
    'a2',
    'a3',
    'a4',
    'a5',
  ],
  ...[
    'a6',
    'a7',
    's2',
    's3',
    's4',
    's5',
    's6',
    's7',
    's8',
    's9',
    's10',
    's11',
    't3',
    't4',
    't5',
    't6',
  ],
] as const;

/** The name of an integer register in the calling convention (riscv-elf-psabi). */
export type RegisterName = (typeof abiNames)[number];

/** All register names by number. */
export const registerNames: readonly RegisterName[] = abiNames;

/** All 32 integer registers by name: `const { a0, sp } = registers`. */
export const registers = Object.fromEntries(
  abiNames.map((name, number) => [name, number as Register]),
) as Readonly<Record<RegisterName, Register>>;

/** The register with this number (0-31). */
export function registerAt(number: number): Register {
  if (!Number.isInteger(number) || number < 0 || number > 31) {
    throw new RangeError(`register number ${number} is not in 0-31`);
  }
  return number as Register;
}
