/** How a stack of the figure is booted. */
interface BootedStack {
  /** The stack of `dvlab run`. */
  readonly stack: string;
  /** What it changes of the platform, and that in words. */
  readonly set: readonly string[];
  readonly machine: string;
  /** The stack whose published numbers are beside it, if it is not of the figure itself. */
  readonly paper?: 'duvisor';
}

const withoutDvExt = { set: ['harts.dvExt.profile=none'], machine: ' without DV-Ext' };
const withoutPmc = { set: ['harts.dvExt.pmc.kind=none'], machine: ' without PMC' };

const byName = {
  kvm: { stack: 'kvm', ...withoutDvExt },
  'kvm-opt': { stack: 'kvm-opt', ...withoutPmc },
  duvisor: { stack: 'duvisor', set: [], machine: '' },
  'duvisor-published': { stack: 'duvisor-published', set: [], machine: '', paper: 'duvisor' },
  'kvm-dvext': { stack: 'kvm-dvext', ...withoutPmc },
  deprivileged: { stack: 'deprivileged', ...withoutDvExt },
  native: { stack: 'firmware', ...withoutDvExt },
} satisfies Readonly<Record<string, BootedStack>>;

/** A stack that the figure's operations are measured on. */
export type FigureStack = keyof typeof byName;

/** The stacks: those of the paper's figure in its order, then those that it does not have. */
export const figureStacks: Readonly<Record<FigureStack, BootedStack>> = byName;

/** Their names, in this order. */
export const figureStackNames = Object.keys(byName) as readonly FigureStack[];
