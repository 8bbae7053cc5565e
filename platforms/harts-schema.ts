import { z } from 'zod';
import { dvExtSchema } from './dv-ext-schema.ts';
import { isaNames, readIsaString } from './isa-string.ts';
import { timingSchema } from './timing-schema.ts';

/** The most harts that one platform can have; the CLINT's registers and SBI's hart masks reach no further. */
export const maximumHartCount = 64;

const isa = z
  .string()
  .transform((text, context) => {
    const reading = readIsaString(text);
    if ('extensions' in reading) {
      return { text: text.toLowerCase(), extensions: reading.extensions };
    }
    context.issues.push({
      code: 'custom',
      input: text,
      message: reading.problem,
      params: { isExplained: true },
    });
    return z.NEVER;
  })
  .meta({ expects: 'an ISA string such as rv64ima_zicsr_zifencei_h' });

/** What all harts of a platform have in common. */
export const hartsSchema = z.strictObject({
  count: z.int().min(1).max(maximumHartCount).describe('number of harts'),
  isa: isa.describe(`instruction set, out of ${isaNames.join(', ')}`),
  misaligned: z
    .enum(['trap', 'hardware'])
    .default('trap')
    .describe('misaligned loads and stores: an exception, or done in parts'),
  pipeline: z
    .enum(['rules', 'stages'])
    .default('rules')
    .describe(
      'what tells the time: rules over neighbouring instructions, or every stage in every cycle',
    ),
  environmentCallsRetire: z
    .boolean()
    .default(false)
    .describe('ECALL and EBREAK count in minstret, as on Rocket; the manual says that they do not'),
  dvExt: dvExtSchema.prefault({}),
  timing: timingSchema,
});
