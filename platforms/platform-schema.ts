import { z } from 'zod';
import { memoryKinds, type MemoryDefinition } from '../hw/memory/index.ts';
import { deviceKinds, deviceSchema } from './device-kinds.ts';
import { hartsSchema } from './harts-schema.ts';
import { address, frequency, size } from './source/quantity.ts';
import { inputSchema } from './source/schema-guide.ts';

const componentName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/)
  .meta({ expects: 'a name of lower-case letters, digits and -' });

/** All memory of a machine lives in one WebAssembly memory of at most 4 GiB, beside the state of its harts. */
const largestMemory = 0xe000_0000;

/** The engines that a platform can name. */
export const engineNames = ['auto', 'translator', 'interpreter', 'oracle'] as const;

const clockSchema = z.strictObject({
  core: frequency().default(100_000_000).describe('clock of the harts and the bus'),
  rtc: frequency().default(1_000_000).describe('real-time clock: mtime advances once per period'),
});

/** A stretch of memory of the platform. */
export const memorySchema = z.discriminatedUnion(
  'kind',
  nonEmpty(memoryKinds.map(memoryKindSchema)),
);

/** What a platform file may say about one stretch of memory of this kind. */
export function memoryKindSchema({ kind, summary }: MemoryDefinition) {
  return z
    .strictObject({
      kind: z.literal(kind),
      at: address().describe('first physical address'),
      size: size({ minimum: 4096, maximum: largestMemory }),
    })
    .describe(summary);
}

/** One component of the platform, by its kind. */
export const componentSchema = z.discriminatedUnion(
  'kind',
  nonEmpty(deviceKinds.map(deviceSchema)),
);

function nonEmpty<T>(list: readonly T[]): readonly [T, ...T[]] {
  const [first, ...rest] = list;
  if (first === undefined) throw new Error('a union needs a member');
  return [first, ...rest];
}

/** Everything a platform file may say. */
export const platformSchema = z.strictObject({
  name: componentName.describe('name of the machine'),
  summary: z.string().default('').describe('one sentence on what the machine is for'),
  clock: clockSchema.prefault({}),
  quantum: z
    .union([z.literal('exact'), z.int().min(1).max(1_000_000)])
    .default('exact')
    .describe(
      'core cycles a hart may run ahead of the others; exact keeps every effect at its own cycle',
    ),
  engine: z
    .enum(engineNames)
    .default('auto')
    .describe(
      'what executes plain instructions; cycles and results are the same with each, auto is the fastest',
    ),
  harts: hartsSchema,
  memory: z.record(componentName, memorySchema),
  devices: z.record(componentName, componentSchema).default({}),
  wires: z.record(z.string(), z.string()).default({}).describe('input: the output that drives it'),
  bootArguments: z.string().default('').describe('/chosen bootargs of the device tree'),
});

/** Paths whose text value names another file, which then takes the value's place. */
export const fileReferences: readonly (readonly string[])[] = [['harts', 'timing']];

/** A validated platform, before it is resolved. */
export type PlatformData = z.output<typeof platformSchema>;

/** Names, ranges and expectations of everything a platform file may say. */
export const platformGuide = inputSchema(platformSchema);
