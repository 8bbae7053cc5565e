import { z } from 'zod';
import { defineDevice, line, optionalInputs, outputs } from '../kernel/index.ts';
import { type PlicOptions, plicRegisters, type PlicShape, sourcesOf } from './plic-registers.ts';
import { endFirst, forwarding } from './plic-sources.ts';
import { interrupts, maximumSource, plicReset, type PlicState, put } from './plic-state.ts';

const plain: PlicShape = { contextsPerHart: 2, softwareSources: 0 };
const prototype: PlicShape = { contextsPerHart: 3, softwareSources: 32 };
const fork: PlicShape = { ...prototype, firstSoftwareSource: 0x80 };
/** Sources of the QEMU fork that a write of 0 to its trigger register ends. */
const endedByZero = 16;

function optionsOf({ softwareSources, firstSoftwareSource }: PlicShape) {
  const mostWired = (firstSoftwareSource ?? maximumSource + 1 - softwareSources) - 1;
  return z.strictObject({
    harts: z.int().min(1).max(4095).describe('Harts served; the number of harts of the platform.'),
    sources: z
      .int()
      .min(1)
      .max(mostWired)
      .default(31)
      .describe('Interrupt sources that can be wired, numbered from 1.'),
  });
}

interface Surroundings {
  readonly options: PlicOptions;
  readonly now: number;
}

interface Wires {
  readonly source: readonly boolean[];
}

const sharedPorts = {
  source: optionalInputs(line, 'sources', 'asks for an interrupt while high'),
  m: outputs(line, 'harts', 'machine external interrupt of each hart'),
  s: outputs(line, 'harts', 'supervisor external interrupt of each hart'),
} as const;

function behaviourOf(shape: PlicShape) {
  const { contextsPerHart } = shape;
  return {
    size: 0x400_0000,
    unmapped: 'zero',
    latency: 'plic',
    platformOptions: { harts: 'hartCount' },
    reset: ({ harts }: PlicOptions): PlicState => plicReset(harts * contextsPerHart),
    onEdge: (draft: PlicState, { source }: Wires, { options }: Surroundings): void => {
      for (const number of forwarding(draft, sourcesOf(shape, options), source)) {
        put(draft.pending, number, true);
        put(draft.inFlight, number, true);
      }
    },
    nextEdge: (state: PlicState, { source }: Wires, { options, now }: Surroundings) =>
      forwarding(state, sourcesOf(shape, options), source).length > 0 ? now : undefined,
  } as const;
}

/** The lines to all harts of one of their contexts. */
function linesOf(
  state: PlicState,
  { harts }: PlicOptions,
  { contextsPerHart }: PlicShape,
  context: number,
): boolean[] {
  return Array.from({ length: harts }, (_, hart) =>
    interrupts(state, hart * contextsPerHart + context),
  );
}

/**
 * The platform-level interrupt controller (RISC-V PLIC specification 1.0.0, "plic"): level-triggered sources with
 * priorities, and for each hart a context of M and one of S. A request takes one cycle through its gateway.
 */
export const plic = defineDevice({
  ...behaviourOf(plain),
  kind: 'plic',
  summary: 'Platform-level interrupt controller: sources, priorities, claim and complete.',
  options: optionsOf(plain),
  ports: sharedPorts,
  registers: plicRegisters(plain),
  drive: (state: PlicState, _inputs, { options }) => ({
    m: linesOf(state, options, plain, 0),
    s: linesOf(state, options, plain, 1),
  }),
});

/** The ports of a controller with a third context of each hart, for its guest. */
const guestPorts = {
  ...sharedPorts,
  vs: outputs(line, 'harts', "external interrupt of each hart's guest"),
} as const;

/** Where software holds sources up. */
const trigger = {
  offset: 0x1f0_0000,
  bytes: 4,
  read: ({ raised }: PlicState) => raised >>> 0,
} as const;

function driveGuests(shape: PlicShape) {
  return (state: PlicState, _inputs: Wires, { options }: Surroundings) => ({
    m: linesOf(state, options, shape, 0),
    s: linesOf(state, options, shape, 1),
    vs: linesOf(state, options, shape, 2),
  });
}

/** The prototype's controller: a third context of each hart for its guest, and 32 sources that software raises (duvisor 5.3). */
export const dvPlic = defineDevice({
  ...behaviourOf(prototype),
  kind: 'dv-plic',
  summary: 'PLIC of the DV-Ext prototype: guest contexts and 32 sources that software raises.',
  options: optionsOf(prototype),
  ports: guestPorts,
  registers: {
    ...plicRegisters(prototype),
    vinterrupts: {
      ...trigger,
      description: 'Sources behind the wired ones that software holds up until they are claimed.',
      write: (draft: PlicState, value: number) => {
        draft.raised = value;
      },
    },
  },
  drive: driveGuests(prototype),
});

/** The QEMU fork's controller: the same contexts, and sources from 128 on that software raises one at a time (duvisor 5.5). */
export const forkPlic = defineDevice({
  ...behaviourOf(fork),
  kind: 'fork-plic',
  summary: 'PLIC of the QEMU fork of DV-Ext: guest contexts and sources 128 to 159 for software.',
  size: 0x200_0000,
  options: optionsOf(fork),
  ports: guestPorts,
  registers: {
    ...plicRegisters(fork),
    vinterrupts: {
      ...trigger,
      description: 'Raises source 128 + the lowest bit set; 0 ends what is pending of 128 to 143.',
      write: (draft: PlicState, value: number, { options }: { options: PlicOptions }) => {
        if (value !== 0) draft.raised |= value & -value;
        else endFirst(draft, sourcesOf(fork, options), endedByZero);
      },
    },
  },
  drive: driveGuests(fork),
});
