import { z } from 'zod';
import { dvProfiles } from '../hw/isa/index.ts';
import { readIsaString } from './isa-string.ts';
import { size } from './source/quantity.ts';
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
    context.issues.push({ code: 'custom', input: text, message: reading.problem });
    return z.NEVER;
  })
  .meta({ expects: 'an ISA string such as rv64ima_zicsr_zifencei_h' });

/** Physical memory checking of every hart (duvisor 4.4). */
const pmcSchema = z.strictObject({
  kind: z.enum(['ranges', 'none']).default('ranges').describe('V ranges, or plain PMP'),
  entries: z.int().min(0).max(16).default(16).describe('implemented pmpcfg/pmpaddr pairs'),
  granularity: size({ minimum: 4, maximum: 2 ** 30 })
    .default(4096)
    .describe('smallest range'),
  walker: z.enum(['checked', 'unchecked']).default('checked').describe('walker reads need V too'),
  hostAccess: z.enum(['ignore', 'match']).default('ignore').describe('whether V=0 sees V entries'),
});

/** What all harts of a platform have in common. */
export const hartsSchema = z.strictObject({
  count: z.int().min(1).max(maximumHartCount).describe('number of harts'),
  isa: isa.describe('instruction set'),
  misaligned: z
    .enum(['trap', 'hardware'])
    .default('trap')
    .describe('misaligned loads and stores: an exception, or done in parts'),
  dvExt: z
    .strictObject({
      profile: z.enum(dvProfiles).default('paper').describe('variant of DV-Ext'),
    })
    .prefault({}),
  pmc: pmcSchema.prefault({}),
  timing: timingSchema,
});
