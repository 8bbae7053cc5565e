/** Floating-point registers by number, under their names in the calling convention. */
const floatRegisterNames: readonly string[] = [
  ...Array.from({ length: 8 }, (_, index) => `ft${String(index)}`),
  'fs0',
  'fs1',
  ...Array.from({ length: 8 }, (_, index) => `fa${String(index)}`),
  ...Array.from({ length: 10 }, (_, index) => `fs${String(index + 2)}`),
  ...Array.from({ length: 4 }, (_, index) => `ft${String(index + 8)}`),
];

const numbers = new Map<string, number>([
  ...floatRegisterNames.map((name, number): [string, number] => [name, number]),
  ...floatRegisterNames.map((_, number): [string, number] => [`f${String(number)}`, number]),
]);

/** Every name that assembly accepts for a floating-point register. */
export const floatRegisterSpellings: readonly string[] = [...numbers.keys()];

/** The number of a floating-point register named as `fa0` or `f10`. */
export function floatRegisterNumber(name: string): number | undefined {
  return numbers.get(name);
}

/** The calling convention's name of a floating-point register. */
export function floatRegisterName(number: number): string {
  const name = floatRegisterNames[number];
  if (name === undefined) throw new RangeError(`there is no register f${String(number)}`);
  return name;
}
