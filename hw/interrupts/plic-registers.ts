import { foremost, maximumPriority, type PlicState, wordsPerContext } from './plic-state.ts';
import { claim, complete, isSource, type PlicSources, sourceBits } from './plic-sources.ts';

/** What a platform says of a controller. */
export interface PlicOptions {
  readonly harts: number;
  readonly sources: number;
}

interface Accessed {
  /** Which register of its array. */
  readonly index: number;
  readonly options: PlicOptions;
}

/** How many contexts a hart has, and which sources software has. */
export interface PlicShape {
  readonly contextsPerHart: number;
  readonly softwareSources: number;
  /** The first of software's sources, unless they begin behind the wired ones. */
  readonly firstSoftwareSource?: number;
}

const priorityWords = 1023;
const enableStride = 0x80;
const contextStride = 0x1000;

/** The sources of a controller. */
export function sourcesOf(
  { softwareSources, firstSoftwareSource }: PlicShape,
  { sources }: PlicOptions,
): PlicSources {
  const first = firstSoftwareSource ?? sources + 1;
  return { wired: sources, first, raised: softwareSources };
}

/** The registers of a controller at SiFive's places (FU540 manual, chapter 10). */
export function plicRegisters(shape: PlicShape) {
  const { contextsPerHart } = shape;
  const perContext = {
    bytes: 4,
    count: contextsPerHart,
    stride: contextStride,
    groups: { count: 'harts', stride: contextsPerHart * contextStride },
  } as const;
  return {
    priority: {
      offset: 0x4,
      bytes: 4,
      count: priorityWords,
      description: 'Priority of a source; 0 never interrupts.',
      read: ({ priority }: PlicState, { index }: Accessed) => priority[index + 1] ?? 0,
      write: (draft: PlicState, value: number, { index, options }: Accessed) => {
        if (isSource(sourcesOf(shape, options), index + 1)) {
          draft.priority[index + 1] = value & maximumPriority;
        }
      },
    },
    pending: {
      offset: 0x1000,
      bytes: 4,
      count: wordsPerContext,
      description: 'Sources whose request has not been claimed, a bit for each.',
      read: ({ pending }: PlicState, { index }: Accessed) => pending[index] ?? 0,
    },
    enable: {
      offset: 0x2000,
      bytes: 4,
      count: wordsPerContext * contextsPerHart,
      groups: { count: 'harts', stride: enableStride * contextsPerHart },
      description: 'Sources that can interrupt a context, a bit for each.',
      read: ({ enabled }: PlicState, { index }: Accessed) => enabled[index] ?? 0,
      write: (draft: PlicState, value: number, { index, options }: Accessed) => {
        const sources = sourcesOf(shape, options);
        draft.enabled[index] = (value & sourceBits(sources, index % wordsPerContext)) >>> 0;
      },
    },
    threshold: {
      ...perContext,
      offset: 0x20_0000,
      description: 'A context is interrupted by priorities above it.',
      read: ({ threshold }: PlicState, { index }: Accessed) => threshold[index] ?? 0,
      write: (draft: PlicState, value: number, { index }: Accessed) => {
        draft.threshold[index] = value & maximumPriority;
      },
    },
    'claim/complete': {
      ...perContext,
      offset: 0x20_0004,
      description: 'Read: takes the foremost source, 0 if there is none. Write: ends its service.',
      read: (state: PlicState, { index }: Accessed) => foremost(state, index),
      afterRead: (draft: PlicState, { index, options }: Accessed) => {
        claim(draft, sourcesOf(shape, options), foremost(draft, index));
      },
      write: (draft: PlicState, value: number, { index }: Accessed) => {
        complete(draft, index, value);
      },
    },
  } as const;
}
