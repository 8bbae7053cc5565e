import type { BuiltImage } from './built-image.ts';

const hex = (address: bigint) => `0x${address.toString(16)}`;

/** The image's functions and source lines by address as JSON, for tools that attribute cycles to source code. */
export function imageMap({ name, entry, functions, lines }: BuiltImage): string {
  const files = [...new Set(lines.map(({ location }) => location.file))];
  const map = {
    name,
    entry: hex(entry),
    files,
    functions: functions.map((f) => ({ name: f.name, address: hex(f.address), size: f.size })),
    lines: lines.map(({ address, location: { file, line, column } }) => ({
      ...{ address: hex(address), file: files.indexOf(file), line, column },
    })),
  };
  return `${JSON.stringify(map, undefined, 1)}\n`;
}
