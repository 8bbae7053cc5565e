import { z } from 'zod';
import {
  ddr3Parameters,
  type Ddr3ParameterName,
  fixedLatencyParameters,
  isOfItsKind,
  memoryParameters,
  type MemoryParameterName,
  type TimingParameter,
  timingParameters,
  type TimingParameterName,
} from '../hw/timing/index.ts';

/** One number of the timing model, with where it was taken from. */
export interface TimingEntry {
  readonly value: number;
  /** What the number is based on; absent for a bare number, such as one from `--set`. */
  readonly source?: string | undefined;
}

/** No latency of a real machine is longer, and sums of so many cycles stay exact. */
const largestValue = 100_000;

function entrySchema(parameter: TimingParameter) {
  const { minimum, description, unit, isPowerOfTwo = false } = parameter;
  const range = `${String(minimum)}..${String(largestValue)}`;
  const inRange = z.int().min(minimum).max(largestValue);
  const ofItsKind = inRange
    .refine((number) => isOfItsKind(parameter, number), { params: { isOutside: true } })
    .meta({ expects: `a power of two, ${range}` });
  const value = isPowerOfTwo ? ofItsKind : inRange;
  const bare = value.transform((number): TimingEntry => ({ value: number }));
  const kind = isPowerOfTwo ? 'a power of two' : `a number of ${unit}`;
  return z
    .union([bare, z.strictObject({ value, unit: z.literal(unit), source: z.string() })])
    .meta({
      description: `${description} (${unit})`,
      expects: `${kind}, ${range}, or { value, unit, source }`,
    });
}

const shape = Object.fromEntries(
  timingParameters.map((parameter) => [parameter.name, entrySchema(parameter)]),
) as Record<TimingParameterName, ReturnType<typeof entrySchema>>;

const memoryShape = Object.fromEntries(
  memoryParameters.map((parameter) => [parameter.name, entrySchema(parameter)]),
) as Record<MemoryParameterName, ReturnType<typeof entrySchema>>;

const ddr3Shape = Object.fromEntries(
  ddr3Parameters.map((parameter) => [parameter.name, entrySchema(parameter)]),
) as Record<Ddr3ParameterName, ReturnType<typeof entrySchema>>;

const [latency] = fixedLatencyParameters;

/** Caches, translation and what is behind them; without it every access to RAM hits. */
const memorySchema = z
  .strictObject({
    parameters: z.strictObject(memoryShape),
    backEnd: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('fixed'), latency: entrySchema(latency) }),
      z.strictObject({ kind: z.literal('ddr3'), parameters: z.strictObject(ddr3Shape) }),
    ]),
  })
  .optional()
  .describe('caches, TLBs and memory; without this every access to RAM hits');

/** A timing file: a value for every parameter of the pipeline model. */
export const timingSchema = z
  .strictObject({
    name: z.string().describe('name of the timing model'),
    summary: z.string().default('').describe('one sentence on what it models'),
    parameters: z.strictObject(shape),
    memory: memorySchema,
  })
  .meta({ expects: 'the name of a timing file, such as timing/rocket.yaml, or none' });
