import { figureStacks, type FigureStack } from './figure-stacks.ts';

/** Figure 6 of the paper as it was published; `evaluation 2.1`, `evaluation 2.2`. The cycles of its parts need not sum to its totals. */

/** The operations of the figure, in its order. */
export const operations = [
  { name: 'null-hypercall', title: 'null hypercall' },
  { name: 'stage-2-fault', title: 'stage-2 page fault (read)' },
  { name: 'mmio-read', title: 'MMIO read' },
  { name: 'vipi', title: 'virtual IPI' },
  { name: 'vext', title: 'virtual external interrupt' },
] as const;

/** An operation's name. */
export type Operation = (typeof operations)[number]['name'];

/** The operations whose published number is what the sender sees, not a window of the hypervisor. */
export const roundTrips: readonly Operation[] = ['vipi', 'vext'];

/** What was published, for the stacks of which something was. */
type Published = Readonly<Partial<Record<FigureStack, number>>>;

/** What was published for a stack, or for the one whose numbers are beside it. */
export function publishedFor(stack: FigureStack, numbers: Published): number | undefined {
  return numbers[figureStacks[stack].paper ?? stack];
}

/** A slice of a bar: its name in the figure, the steps of an exit that are its own, and what was published for each stack. */
export interface Part {
  readonly name: string;
  readonly steps: readonly string[];
  readonly paper: Published;
}

/** A bar of the figure. */
interface Bar {
  readonly total: Published;
  readonly parts: readonly Part[];
}

/** The bars; parts that the drawing gives without a number are read from it (kvm) or are differences (duvisor). */
export const published: Readonly<Record<Operation, Bar>> = {
  'null-hypercall': {
    total: { kvm: 618, duvisor: 214 },
    parts: [
      { name: 'Exit', steps: ['dispatch'], paper: { kvm: 212, duvisor: 56 } },
      { name: 'Handling', steps: ['handler'], paper: { kvm: 18, duvisor: 108 } },
      { name: 'Entry', steps: ['leave'], paper: { kvm: 388, duvisor: 50 } },
      { name: 'Transfer', steps: ['transfer'], paper: {} },
    ],
  },
  'stage-2-fault': {
    total: { kvm: 6344, duvisor: 694 },
    parts: [
      { name: 'Entry/Exit', steps: ['dispatch', 'leave'], paper: { kvm: 788, duvisor: 178 } },
      { name: 'GetPage', steps: ['get-page'], paper: { kvm: 3776, duvisor: 26 } },
      { name: 'Mapping', steps: ['mapping'], paper: { kvm: 301, duvisor: 168 } },
      { name: 'Transfer', steps: ['transfer'], paper: {} },
      {
        name: 'Other, Metadata',
        steps: ['handler', 'metadata'],
        paper: { kvm: 1479, duvisor: 324 },
      },
    ],
  },
  'mmio-read': {
    total: { kvm: 4758, duvisor: 494 },
    parts: [
      { name: 'Entry/Exit', steps: ['dispatch', 'leave'], paper: { kvm: 797, duvisor: 188 } },
      { name: 'Transfer', steps: ['transfer'], paper: { kvm: 3135, duvisor: 0 } },
      { name: 'Decode', steps: ['decode'], paper: { kvm: 222, duvisor: 156 } },
      { name: 'Other', steps: ['handler', 'device'], paper: { kvm: 604, duvisor: 150 } },
    ],
  },
  vipi: {
    total: { kvm: 4692, 'kvm-opt': 147, duvisor: 147 },
    parts: [
      { name: 'Exit', steps: ['trap', 'save', 'dispatch'], paper: { kvm: 555 } },
      { name: 'Insert', steps: ['handler', 'transfer', 'leave', 'restore'], paper: { kvm: 4137 } },
    ],
  },
  vext: { total: { kvm: 4084, 'kvm-opt': 184, duvisor: 184 }, parts: [] },
};
