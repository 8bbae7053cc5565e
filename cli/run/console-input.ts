import { DvlabError, typeIn, type Booted, type Platform } from '../../platforms/index.ts';
import { readFile } from '../read-file.ts';

/** Descriptor of the standard input, which `-` stands for. */
const standardInput = 0;

/** Lets booted machines find what a file or the standard input has typed at their console. */
export function typing(
  input: string | undefined,
  boot: (platform: Platform) => Booted,
): (platform: Platform) => Booted {
  if (input === undefined) return boot;
  const { bytes } = readFile(input === '-' ? standardInput : input);
  return (platform) => {
    const booted = boot(platform);
    if (!typeIn(booted.machine, bytes)) throw noConsole(platform);
    return booted;
  };
}

function noConsole({ name }: Platform): DvlabError {
  const message = `--input needs a console to type at: ${name} has neither a uart nor an htif`;
  return new DvlabError([{ code: 'E-USE-005', message, help: 'dvlab describe components' }]);
}
