import { assemble } from '../../hw/isa/index.ts';
import { bootBare, loadPlatform, run, type Booted, type RunEnd } from '../../platforms/index.ts';
import { readFromProject } from './report.ts';

/** A machine that has run a program to its end. */
export interface Ran extends Booted {
  readonly end: RunEnd;
}

/** Makes a machine with an assembly program as a raw binary; `overlay` is laid over the named platform. */
export function bootProgram(source: string, platform: string, overlay = ''): Booted {
  const text = `extends: platforms/${platform}.yaml\n${overlay}`;
  const loaded = loadPlatform('test.yaml', {
    readText: (path) => (path === 'test.yaml' ? text : readFromProject(path)),
  });
  const { bytes } = assemble(source, { base: 0x8000_0000 });
  return bootBare(loaded, { name: 'program', bytes });
}

/** Runs an assembly program to its end. */
export function runProgram(source: string, platform: string, overlay = ''): Ran {
  const booted = bootProgram(source, platform, overlay);
  const steps = run(booted.machine, { cycles: 1_000_000 });
  for (;;) {
    const step = steps.next();
    if (step.done === true) return { ...booted, end: step.value };
  }
}
