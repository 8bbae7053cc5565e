import { line, word } from '../hw/kernel/index.ts';

/** Inputs of every hart that a platform wires, with the type of their wire. */
export const hartInputs = {
  msip: { type: line, description: 'machine software interrupt' },
  mtip: { type: line, description: 'machine timer interrupt' },
  meip: { type: line, description: 'machine external interrupt' },
  seip: { type: line, description: 'supervisor external interrupt' },
  time: { type: word(64), description: 'what rdtime reads' },
} as const;

/** Name of a hart's input. */
export type HartInput = keyof typeof hartInputs;
