import { instructions } from '../../hw/isa/index.ts';
import { textTable } from '../text-table.ts';

/** Every instruction with its encoding picture, extension and timing class. */
export function describeInstructions(): readonly string[] {
  const rows = instructions.map(({ name, encoding, extension, timing, spec }) => [
    name,
    encoding.picture,
    extension,
    timing,
    spec,
  ]);
  return textTable([['name', 'encoding', 'with', 'timing class', 'source'], ...rows]);
}
