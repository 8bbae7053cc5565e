import { imageError } from '../../platforms/index.ts';
import { readFile } from '../read-file.ts';

/** What a region of a program took on the machine that is modelled. */
export interface Expectation {
  readonly program: string;
  readonly region: string;
  readonly cycles: number;
  readonly instret: number;
}

const columns = 'program,region,cycles,instret';

/** Reads a table of counts: a heading, then a line per region. */
export function readExpectations(name: string): readonly Expectation[] {
  const [heading = '', ...lines] = new TextDecoder()
    .decode(readFile(name).bytes)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  if (heading.trim() !== columns) {
    throw imageError('E-IMG-020', `${name}: the first line is not '${columns}'`);
  }
  return lines.map((line, index) => {
    const [program = '', region = '', cycles, instret, ...rest] = line.split(',');
    const expectation = { program, region, cycles: Number(cycles), instret: Number(instret) };
    const isCount = [expectation.cycles, expectation.instret].every(
      (count) => Number.isSafeInteger(count) && count > 0,
    );
    if (isCount && rest.length === 0 && program !== '' && region !== '') return expectation;
    throw imageError('E-IMG-020', `${name}:${String(index + 2)}: not '${columns}'`);
  });
}
