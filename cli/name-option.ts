import { InvalidArgumentError } from 'commander';
import { suggestName } from '../platforms/source/nearest-name.ts';

/** Reads one of some names from the command line. */
export function nameOption<Name extends string>(names: readonly Name[]): (text: string) => Name {
  return (text) => {
    const name = names.find((candidate) => candidate === text);
    if (name !== undefined) return name;
    throw new InvalidArgumentError(suggestName(text, names));
  };
}
