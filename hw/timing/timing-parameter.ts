/** Units a timing parameter can have. */
type TimingUnit = 'cycles' | 'entries' | 'bits' | 'bytes';

/** What a timing file must say of one parameter, and what the value means; there are no defaults. */
export interface TimingParameter<Name extends string = string> {
  readonly name: Name;
  readonly unit: TimingUnit;
  /** Smallest meaningful value. */
  readonly minimum: number;
  readonly description: string;
  /** Whether the model numbers things by bits of an address, and so takes powers of two only. */
  readonly isPowerOfTwo?: boolean;
}

/** A number of cycles. */
export function cycles<const Name extends string>(
  name: Name,
  description: string,
  minimum = 0,
): TimingParameter<Name> {
  return { name, unit: 'cycles', minimum, description };
}

/** How many of something there are. */
export function entries<const Name extends string>(
  name: Name,
  description: string,
  minimum = 0,
): TimingParameter<Name> {
  return { name, unit: 'entries', minimum, description };
}

/** How many of something there are that is chosen by bits of an address: a power of two. */
export function powerOfTwo<const Name extends string>(
  name: Name,
  description: string,
): TimingParameter<Name> {
  const whole = `${description}; a power of two`;
  return { name, unit: 'entries', minimum: 1, description: whole, isPowerOfTwo: true };
}

/** Whether a value is of the kind that a parameter takes; whether it is too small is another question. */
export function isOfItsKind({ isPowerOfTwo }: TimingParameter, value: number): boolean {
  return isPowerOfTwo !== true || value === 0 || Number.isInteger(Math.log2(value));
}

/** Takes the values a file gives; says what is missing, unknown or too small, all at once. */
export function valuesOf<Name extends string>(
  parameters: readonly TimingParameter<Name>[],
  values: Readonly<Record<string, number>>,
  what: string,
): Readonly<Record<Name, number>> {
  const mistakes: string[] = [];
  const known = new Set<string>(parameters.map(({ name }) => name));
  for (const name of Object.keys(values)) {
    if (!known.has(name)) mistakes.push(`${name} is not a timing parameter`);
  }
  for (const parameter of parameters) {
    const { name, minimum } = parameter;
    const value = values[name];
    if (value === undefined) mistakes.push(`${name} is missing`);
    else if (!Number.isSafeInteger(value) || value < minimum) {
      mistakes.push(`${name} is ${String(value)}, must be an integer from ${String(minimum)}`);
    } else if (!isOfItsKind(parameter, value)) {
      mistakes.push(`${name} is ${String(value)}, must be a power of two`);
    }
  }
  if (mistakes.length > 0) throw new Error(`${what}: ${mistakes.join('; ')}`);
  return values;
}
