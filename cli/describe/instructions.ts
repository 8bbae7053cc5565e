import { compressedInstructions, instructions } from '../../hw/isa/index.ts';
import { textTable } from '../text-table.ts';

/** Every instruction with its encoding picture, extension and timing class; a 16-bit one has its expansion's class. */
export function describeInstructions(): readonly string[] {
  const rows = instructions.map(({ name, encoding, extension, timing, spec }) => [
    name,
    encoding.picture,
    extension,
    timing,
    spec,
  ]);
  const compressed = compressedInstructions.map(({ name, encoding, base, spec }) => [
    name,
    encoding.picture,
    'c',
    base.timing,
    spec,
  ]);
  return textTable([
    ['name', 'encoding', 'with', 'timing class', 'source'],
    ...rows,
    ...compressed,
  ]);
}
