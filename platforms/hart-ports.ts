import { postingLink } from '../hw/dv-ext/index.ts';
import { line, word } from '../hw/kernel/index.ts';

/** Inputs of every hart that a platform wires, with the type of their wire. */
export const hartInputs = {
  msip: { type: line, description: 'machine software interrupt' },
  mtip: { type: line, description: 'machine timer interrupt' },
  meip: { type: line, description: 'machine external interrupt' },
  seip: { type: line, description: 'supervisor external interrupt' },
  vseip: {
    type: line,
    description: 'virtual supervisor external interrupt',
    isOptional: true,
  },
  usip: { type: line, description: 'user software interrupt', isOptional: true },
  utip: { type: line, description: 'user timer interrupt', isOptional: true },
  vssip: { type: line, description: 'virtual supervisor software interrupt', isOptional: true },
  posted: {
    type: postingLink,
    description: 'virtual IPIs of the posted-interrupt unit, to which the hart then posts',
    isOptional: true,
  },
  time: { type: word(64), description: 'what rdtime reads' },
} as const;

/** Name of a hart's input. */
export type HartInput = keyof typeof hartInputs;
