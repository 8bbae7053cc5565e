import { exitsCsv } from '../../cli/exits/exits-csv.ts';
import { linesOf, runGuests, runOnBareMachine, type Ended } from '../sw/boot-guests.ts';

/** A run of the measuring guest whose counts are guarded: where it runs, and under what. */
export interface Measured {
  /** Name of the baseline file. */
  readonly name: string;
  readonly run: () => Promise<Ended>;
}

/** Every run with recorded counts. */
export const measured: readonly Measured[] = [
  { name: 'duvisor-2hart', run: () => runGuests([{ guest: 'measure' }]) },
  {
    name: 'duvisor-1hart',
    run: () => runGuests([{ guest: 'measure' }], { platform: 'duvisor-1hart' }),
  },
  {
    name: 'duvisor-2hart-megapages',
    run: () => runGuests([{ guest: 'measure', options: ['--megapages'] }]),
  },
  { name: 'bare-firmware', run: () => runOnBareMachine('measure') },
];

/** What is guarded of a run: its length, what the guest measured, and each step of each VM exit, a line each. */
export function countsOf({ machine, console }: Ended): string {
  return [
    `cycles ${String(machine.cycle)}`,
    `instructions ${String(machine.instructionCount)}`,
    ...linesOf(console, 'measure'),
    exitsCsv(machine.harts),
  ].join('\n');
}
