import type { TestMachineOptions } from '../hw/hart/machine.ts';

/** How a machine is given an engine. */
interface EngineChoice {
  /** As an option of a test machine. */
  readonly machine: TestMachineOptions;
  /** As options laid over a platform. */
  readonly platform: Readonly<Record<string, string>>;
}

/** The engines that every comparison covers; the first is the reference. */
export const engines = {
  oracle: { machine: { engine: 'oracle' }, platform: { engine: 'oracle' } },
  interpreter: { machine: { engine: 'interpreter' }, platform: { engine: 'interpreter' } },
  translator: { machine: { engine: 'translator' }, platform: { engine: 'translator' } },
} as const satisfies Readonly<Record<string, EngineChoice>>;

/** One of them. */
export type EngineName = keyof typeof engines;

/** Their names, the reference first. */
export const engineNames = Object.keys(engines) as readonly EngineName[];
