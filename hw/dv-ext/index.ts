export { knobNames, knobs, type DvRules, type KnobName } from './knobs.ts';
export type { Knob, PresentProfile } from './knob.ts';
export * from './profiles.ts';
export * from './virtual-timer.ts';
