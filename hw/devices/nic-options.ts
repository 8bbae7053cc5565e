import { z } from 'zod';

/** What a platform file says of a network interface. */
export const nicOptions = z.strictObject({
  mac: z
    .string()
    .regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/u)
    .describe('Address of the NIC, six bytes in hexadecimal with colons between them.'),
  bitsPerCycle: z
    .number()
    .positive()
    .max(64)
    .default(10)
    .describe('Bits that the link takes per core cycle; 10 are 1 Gb/s at 100 MHz.'),
  linkLatency: z
    .int()
    .min(0)
    .default(200)
    .describe('Core cycles that a bit is under way; 200 are 2 µs at 100 MHz.'),
  queueDepth: z
    .int()
    .min(1)
    .max(255)
    .default(10)
    .describe('Entries of each of the four queues (NICConfig of icenet: 10).'),
  bufferedFrames: z
    .int()
    .min(1)
    .max(64)
    .default(2)
    .describe('Frames that can wait for memory to go to (NICConfig of icenet: 2).'),
});

/** The options of one network interface. */
export type NicOptions = z.output<typeof nicOptions>;
