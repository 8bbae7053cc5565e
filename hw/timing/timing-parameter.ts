/** Units a timing parameter can have. */
type TimingUnit = 'cycles' | 'entries' | 'bits' | 'bytes';

/** What a timing file must say of one parameter, and what the value means; there are no defaults. */
export interface TimingParameter<Name extends string = string> {
  readonly name: Name;
  readonly unit: TimingUnit;
  /** Smallest meaningful value. */
  readonly minimum: number;
  readonly description: string;
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
  for (const { name, minimum } of parameters) {
    const value = values[name];
    if (value === undefined) mistakes.push(`${name} is missing`);
    else if (!Number.isSafeInteger(value) || value < minimum) {
      mistakes.push(`${name} is ${String(value)}, must be an integer from ${String(minimum)}`);
    }
  }
  if (mistakes.length > 0) throw new Error(`${what}: ${mistakes.join('; ')}`);
  return values;
}
