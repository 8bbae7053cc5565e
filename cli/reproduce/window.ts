/**
 * The steps between the world switches, which the paper's counters of DuVisor time (`evaluation 2.5`, `dv-ext 8.6`): those from the return of
 * the world switch to the next one. Outside are the guest's instruction and its trap, saving and restoring registers, and the return.
 */
export const windowSteps: readonly string[] = [
  'dispatch',
  'handler',
  'get-page',
  'mapping',
  'metadata',
  'decode',
  'device',
  'transfer',
  'leave',
];
