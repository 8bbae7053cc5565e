import { z } from 'zod';
import { defineDevice } from '../kernel/index.ts';
import { splitMix } from './split-mix.ts';

const options = z.strictObject({
  seed: z
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .describe('Where the sequence of numbers begins; the same seed gives the same numbers.'),
});

/**
 * A source of numbers that look random and are the same in every run: the machine's only one, because nothing of the world outside
 * may decide what a program computes. Each read gives the next 64 bits.
 */
export const entropy = defineDevice({
  kind: 'entropy',
  summary:
    'Generator of numbers that follow from a seed; the source of randomness of the software.',
  size: 0x1000,
  options,
  ports: {},
  reset: { taken: 0 },
  registers: {
    data: {
      offset: 0,
      bytes: 8,
      description: 'The next 64 bits of the sequence.',
      read: ({ taken }, context) => splitMix(context.options.seed, taken),
      afterRead: (draft) => {
        draft.taken++;
      },
    },
  },
});
