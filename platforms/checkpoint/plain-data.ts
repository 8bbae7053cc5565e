/** The one name of an object that stands for a bigint; no state has such a name. */
const BIGINT = '#';

/**
 * Writes plain data as JSON, names of objects in alphabetical order. What JSON cannot say (functions, maps, classes, infinite
 * numbers) is a defect of the component whose state it is, and refused by its path.
 */
export function writePlain(value: unknown): string {
  return JSON.stringify(plainOf(value, 'state'));
}

/** Reads what `writePlain` wrote. */
export function readPlain(text: string): unknown {
  return JSON.parse(text, (_name, value: unknown) => {
    const digits = isObject(value) ? value[BIGINT] : undefined;
    return typeof digits === 'string' ? BigInt(digits) : value;
  });
}

function plainOf(value: unknown, path: string): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'bigint':
      return { [BIGINT]: value.toString() };
    case 'number':
      if (Number.isFinite(value) && !Object.is(value, -0)) return value;
      break;
    case 'object':
      if (value === null) return value;
      if (Array.isArray(value)) {
        return value.map((item, index) => plainOf(item, `${path}.${String(index)}`));
      }
      if (isPlainObject(value)) return plainObject(value, path);
      break;
    default:
  }
  throw new TypeError(`checkpoint: ${path} is no plain data: ${String(value)}`);
}

function plainObject(value: object, path: string): object {
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([name, item]) => [name, plainOf(item, `${path}.${name}`)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
