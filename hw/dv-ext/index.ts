export { knobNames, knobs, type DvRules, type KnobName } from './knobs.ts';
export type { Knob, PresentProfile } from './knob.ts';
export * from './profiles.ts';
export * from './virtual-timer.ts';
export { dvExtKinds, postedInterrupts, postingLink } from './posted-interrupts.ts';
export * from './posted-map.ts';
