import type { DvRules } from '../dv-ext/index.ts';
import {
  hedeleg,
  hideleg,
  hstatus,
  isVirtual,
  medeleg,
  mideleg,
  sedeleg,
  sideleg,
} from '../isa/index.ts';
import type { Mode } from '../isa/index.ts';
import type { CsrFile } from './csr-file.ts';

/** Whose trap vector a trap goes to; HU is the exit handler in U mode. */
export type TrapTarget = 'M' | 'HS' | 'HU' | 'VS';

/** Whether a trap that is delegated to HU gets there from a mode; what `h_enable` and V decide (duvisor 3). */
export function reachesHU(mode: Mode, csrs: CsrFile, rules: DvRules): boolean {
  if (mode === 'M') return false;
  if (rules.exits === 'any') return true;
  if (rules.exits === 'guest-or-user') return mode !== 'HS';
  return isVirtual(mode) && csrs.field(hstatus, 'hu') !== 0n;
}

/** Where an exception taken in a mode goes (priv 18.6.2, duvisor 3). */
export function routeException(
  cause: number,
  mode: Mode,
  csrs: CsrFile,
  rules: DvRules | undefined,
): TrapTarget {
  const bit = 1n << BigInt(cause);
  if (mode === 'M' || (csrs.stored(medeleg) & bit) === 0n) return 'M';
  if (isVirtual(mode) && (csrs.stored(hedeleg) & bit) !== 0n) return 'VS';
  if (rules === undefined || (csrs.stored(sedeleg) & bit) === 0n) return 'HS';
  return reachesHU(mode, csrs, rules) ? 'HU' : 'HS';
}

/** Where an interrupt that is being taken goes; selection has already decided that it may be taken. */
export function routeInterrupt(
  number: number,
  mode: Mode,
  csrs: CsrFile,
  rules: DvRules | undefined,
): TrapTarget {
  const bit = 1n << BigInt(number);
  if (mode === 'M' || (csrs.stored(mideleg) & bit) === 0n) return 'M';
  if (isVirtual(mode) && (csrs.stored(hideleg) & bit) !== 0n) return 'VS';
  return rules !== undefined && (csrs.stored(sideleg) & bit) !== 0n ? 'HU' : 'HS';
}
