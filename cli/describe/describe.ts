import { ExitCode, type ExitStatus } from '../exit-code.ts';
import type { Output } from '../output.ts';
import { describeComponents } from './components.ts';
import { describeCsrs } from './csrs.ts';
import { describeDvExt } from './dv-ext.ts';
import { describeInstructions } from './instructions.ts';
import { describeTiming } from './timing.ts';
import type { DescribeTopic } from './topics.ts';

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
};

/** Prints one part of the model, from the tables it is built from. */
export function describe(
  { topic, ...subject }: Subject & { readonly topic: DescribeTopic },
  output: Output,
): ExitStatus {
  output.result(`${descriptions[topic](subject).join('\n')}\n`);
  return ExitCode.passed;
}
