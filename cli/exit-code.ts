import type { DvlabError } from '../platforms/index.ts';

/** What the process tells its caller; numbers below 20 other than 0, 1 and 2 belong to Node. */
export const ExitCode = {
  passed: 0,
  guestFailed: 1,
  usage: 2,
  invalidPlatform: 20,
  badImage: 21,
  budget: 22,
  hang: 23,
  divergence: 24,
  countsMoved: 25,
  noBaseline: 28,
  internal: 70,
  interrupted: 130,
  terminated: 143,
} as const;

/** One of the process's exit statuses. */
export type ExitStatus = (typeof ExitCode)[keyof typeof ExitCode];

const byPrefix: readonly (readonly [prefix: string, status: ExitStatus])[] = [
  ['E-USE', ExitCode.usage],
  ['E-CFG', ExitCode.invalidPlatform],
  ['E-IMG', ExitCode.badImage],
  ['E-CKP', ExitCode.badImage],
];

/** The exit status for a mistake in what the user gave. */
export function exitStatusOf(error: DvlabError): ExitStatus {
  return byPrefix.find(([prefix]) => error.code.startsWith(prefix))?.[1] ?? ExitCode.internal;
}
