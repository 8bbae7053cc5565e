import { z } from 'zod';
import { defineDevice } from '../kernel/index.ts';

/** Increment and multipliers of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014, figure 16). */
const gamma = 0x9e37_79b9_7f4a_7c15n;
const firstMultiplier = 0xbf58_476d_1ce4_e5b9n;
const secondMultiplier = 0x94d0_49bb_1331_11ebn;

const options = z.strictObject({
  seed: z
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .describe('Where the sequence of numbers begins; the same seed gives the same numbers.'),
});

function mix(state: bigint): bigint {
  const first = BigInt.asUintN(64, (state ^ (state >> 30n)) * firstMultiplier);
  const second = BigInt.asUintN(64, (first ^ (first >> 27n)) * secondMultiplier);
  return second ^ (second >> 31n);
}

/** The state behind one: each number of the sequence is a mixture of its own state. */
function advance(state: bigint): bigint {
  return BigInt.asUintN(64, state + gamma);
}

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
  reset: ({ seed }: z.output<typeof options>) => ({ state: advance(BigInt(seed)) }),
  registers: {
    data: {
      offset: 0,
      bytes: 8,
      description: 'The next 64 bits of the sequence.',
      read: ({ state }) => mix(state),
      afterRead: (draft) => {
        draft.state = advance(draft.state);
      },
    },
  },
});
