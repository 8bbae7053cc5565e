import { nameOption } from './name-option.ts';

/** Something that a run can produce besides its figures, and the file that it is to go to. */
export interface Product<Name extends string> {
  readonly name: Name;
  /** A place in the folder of the run if absent, and standard output if `-`. */
  readonly file: string | undefined;
}

/** Reads `NAME` or `NAME=FILE` from the command line. */
export function productOption<Name extends string>(
  names: readonly Name[],
): (text: string) => Product<Name> {
  const read = nameOption(names);
  return (text) => {
    const split = text.indexOf('=');
    if (split < 0) return { name: read(text), file: undefined };
    return { name: read(text.slice(0, split)), file: text.slice(split + 1) };
  };
}
