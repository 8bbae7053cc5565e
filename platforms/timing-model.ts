import type { MachineMemory } from '../hw/kernel/index.ts';
import {
  ddr3ParametersFrom,
  MemoryModel,
  memoryModelBytes,
  memoryParametersFrom,
  type MemoryTimingParameters,
  StateArea,
  timingParametersFrom,
  type TimingParameters,
} from '../hw/timing/index.ts';
import type { Platform } from './platform.ts';
import type { TimingEntry } from './timing-schema.ts';

const area = 'caches';

/** The parameters of a platform's pipelines. */
export function timingOf({ harts }: Platform): TimingParameters {
  return timingParametersFrom(valuesOf(harts.timing.parameters));
}

/** Whether accesses to RAM of a platform can take different times, which only the oracle knows how to say. */
export function hasCaches({ harts }: Platform): boolean {
  return harts.timing.memory !== undefined;
}

/** The area of machine memory that the model of caches and memory keeps its state in, if there is one. */
export function memoryModelAreas(platform: Platform): readonly { name: string; bytes: number }[] {
  const timing = memoryTimingOf(platform);
  if (timing === undefined) return [];
  return [{ name: area, bytes: memoryModelBytes(timing, platform.harts.count) }];
}

/** The model of caches and memory, if a platform says anything about them. */
export function memoryModelOf(platform: Platform, memory: MachineMemory): MemoryModel | undefined {
  const timing = memoryTimingOf(platform);
  if (timing === undefined) return undefined;
  const state = new StateArea(memory.buffer, memory.area(area).offset);
  return new MemoryModel(timing, platform.harts.count, state);
}

/** What a platform says about caches and memory, if anything. */
export function memoryTimingOf({ harts }: Platform): MemoryTimingParameters | undefined {
  const { memory } = harts.timing;
  if (memory === undefined) return undefined;
  const parameters = memoryParametersFrom(valuesOf(memory.parameters));
  const { backEnd } = memory;
  if (backEnd.kind === 'fixed') {
    return { parameters, backEnd: { kind: 'fixed', latency: backEnd.latency.value } };
  }
  const ddr3 = ddr3ParametersFrom(valuesOf(backEnd.parameters));
  return { parameters, backEnd: { kind: 'ddr3', parameters: ddr3 } };
}

function valuesOf(entries: Readonly<Record<string, TimingEntry>>): Record<string, number> {
  return Object.fromEntries(Object.entries(entries).map(([name, { value }]) => [name, value]));
}
