/** Integer registers by number, under their names in the calling convention. */
export const registerNames = [
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
] as const;

/** The calling convention's name of an integer register. */
export type RegisterName = (typeof registerNames)[number];

const numbers = new Map<string, number>([
  ...registerNames.map((name, number): [string, number] => [name, number]),
  ...registerNames.map((_, number): [string, number] => [`x${String(number)}`, number]),
  ['fp', 8],
]);

/** Every name that assembly accepts for an integer register. */
export const registerSpellings: readonly string[] = [...numbers.keys()];

/** The number of a register named as `a0`, `x10` or `fp`. */
export function registerNumber(name: string): number | undefined {
  return numbers.get(name);
}

/** The calling convention's name of a register number. */
export function registerName(number: number): RegisterName {
  const name = registerNames[number];
  if (name === undefined) throw new RangeError(`there is no register x${String(number)}`);
  return name;
}

/** Link registers, whose use makes a jump a call or a return (unpriv 2.5.1). */
export function isLink(register: number): boolean {
  return register === 1 || register === 5;
}
