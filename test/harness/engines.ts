import type { TestMachineOptions } from '../hw/hart/machine.ts';

/** The engines that every comparison covers, each as options of a machine; the first is the reference. */
export const engines = { oracle: {} } as const satisfies Readonly<
  Record<string, TestMachineOptions>
>;

/** One of them. */
export type EngineName = keyof typeof engines;

/** Their names, the reference first. */
export const engineNames = Object.keys(engines) as readonly EngineName[];
