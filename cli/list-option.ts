import { nameOption } from './name-option.ts';

/** Reads some of a few names, separated by commas, from the command line. */
export function listOption<Name extends string>(
  names: readonly Name[],
): (text: string) => readonly Name[] {
  const read = nameOption(names);
  return (text) => [...new Set(text.split(',').map((name) => read(name.trim())))];
}
