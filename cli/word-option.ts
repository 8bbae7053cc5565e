import { InvalidArgumentError } from 'commander';

/** Reads a guest's command line: one word, because a line of the host's /etc/init is split at spaces. */
export function commandLineOption(text: string): string {
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new InvalidArgumentError('expected one word of printable ASCII without spaces');
}
