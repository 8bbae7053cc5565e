import fc from 'fast-check';
import type { ProgramMode } from './handlers.ts';

/**
 * What is wrong with the restricted data page: with its entry in stage 1 or stage 2, or with its protection. Without one in stage 2, the
 * aliases have none either where stage 1 is off.
 */
export const restrictions = [
  'none',
  'absent',
  'read-only',
  'not accessed',
  'not dirty',
  'other user',
  'stage 2 absent',
  'stage 2 read-only',
  'protected',
  'protected from M too',
  'partly protected',
] as const;

/** An interrupt line that goes up at a tick and down again. */
export interface Pulse {
  readonly line: 'msip' | 'mtip' | 'meip' | 'seip';
  readonly tick: number;
  readonly ticks: number;
}

/** What a program runs in. */
export interface Environment {
  /** The hart begins here. */
  readonly mode: ProgramMode;
  /** Whether most instructions are allowed and most accesses find memory. */
  readonly isCalm: boolean;
  readonly stage1: 'bare' | 'sv39' | 'sv48';
  readonly stage2: 'bare' | 'sv39x4' | 'sv39x4 in large pages';
  /** Who handles the traps of modes below HS and VS. */
  readonly delegation: 'none' | 'all but calls' | 'all' | 'to the guest';
  readonly restriction: (typeof restrictions)[number];
  readonly compressed: boolean;
  readonly float: boolean;
  readonly misaligned: 'trap' | 'hardware';
  readonly profile: 'none' | 'paper';
  /** Whether walks set A and D instead of raising page faults. */
  readonly updatesTables: boolean;
  readonly pulses: readonly Pulse[];
  /** All harts run the program, each with registers of its own. */
  readonly hartCount: 1 | 2;
}

const users: readonly ProgramMode[] = ['U', 'VU'];

/** Modes that can execute the program's pages: with stage 1 on, they belong to user or to supervisor modes. */
export function executableModes({ mode, stage1 }: Environment): readonly ProgramMode[] {
  if (stage1 === 'bare') return ['M', 'S', 'U', 'VS', 'VU'];
  return users.includes(mode) ? ['M', 'U', 'VU'] : ['M', 'S', 'VS'];
}

const pulse: fc.Arbitrary<Pulse> = fc.record({
  line: fc.constantFrom('msip', 'mtip', 'meip', 'seip'),
  tick: fc.integer({ min: 1, max: 3000 }),
  ticks: fc.integer({ min: 1, max: 60 }),
});

/** Any of the environments with or without the C extension. */
export function environment(compressed: fc.Arbitrary<boolean>): fc.Arbitrary<Environment> {
  return fc.record({
    mode: fc.constantFrom('M', 'S', 'U', 'VS', 'VU'),
    isCalm: fc.constantFrom(true, true, false),
    stage1: fc.constantFrom('bare', 'bare', 'sv39', 'sv39', 'sv48'),
    stage2: fc.constantFrom('bare', 'sv39x4', 'sv39x4', 'sv39x4 in large pages'),
    delegation: fc.constantFrom('none', 'all but calls', 'all', 'to the guest'),
    restriction: fc.constantFrom(...restrictions, 'stage 2 absent', 'stage 2 absent'),
    compressed,
    float: fc.constantFrom(false, true),
    misaligned: fc.constantFrom('trap', 'hardware'),
    profile: fc.constantFrom('none', 'paper'),
    updatesTables: fc.boolean(),
    hartCount: fc.constantFrom(1, 1, 1, 2),
    pulses: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(pulse, { minLength: 1, maxLength: 6 }) },
    ),
  });
}
