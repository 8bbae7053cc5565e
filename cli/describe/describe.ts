import { DvlabError } from '../../platforms/index.ts';
import { ExitCode, type ExitStatus } from '../exit-code.ts';
import type { Output } from '../output.ts';
import { describeComponents } from './components.ts';
import { describeCsrs } from './csrs.ts';
import { describeDvExt } from './dv-ext.ts';
import { describeInstructions } from './instructions.ts';
import { describeStats } from './stats.ts';
import { describeTiming, timingJson } from './timing.ts';
import type { DescribeFormat, DescribeTopic } from './topics.ts';

/** The platform whose values a description shows. */
export interface Subject {
  readonly platform: string;
  readonly set: readonly string[];
}

const descriptions: Readonly<Record<DescribeTopic, (subject: Subject) => readonly string[]>> = {
  components: describeComponents,
  csrs: describeCsrs,
  instructions: describeInstructions,
  'dv-ext': describeDvExt,
  timing: describeTiming,
  stats: describeStats,
};

/** The topics that have a form for machines. */
const objects: Readonly<Partial<Record<DescribeTopic, (subject: Subject) => object>>> = {
  timing: timingJson,
};

/** Prints one part of the model, from the tables it is built from. */
export function describe(
  {
    topic,
    format,
    ...subject
  }: Subject & { readonly topic: DescribeTopic; readonly format: DescribeFormat },
  output: Output,
): ExitStatus {
  const text =
    format === 'json'
      ? JSON.stringify(objectOf(topic, subject), undefined, 2)
      : descriptions[topic](subject).join('\n');
  output.result(`${text}\n`);
  return ExitCode.passed;
}

function objectOf(topic: DescribeTopic, subject: Subject): object {
  const object = objects[topic];
  if (object !== undefined) return object(subject);
  const known = Object.keys(objects).join(', ');
  throw new DvlabError([
    {
      code: 'E-USE-005',
      message: `'${topic}' can only be described as a table; --format json is for: ${known}`,
      help: 'dvlab describe --help',
    },
  ]);
}
