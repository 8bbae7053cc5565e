import test from 'ava';
import type { DvProfile, Mode } from '../../../hw/isa/index.ts';
import { CsrBench, exception } from './csr-bench.ts';

// The oracle below restates the routing rules in the order of the profiles' page; it shares no code with the trap unit.

type Target = 'M' | 'HS' | 'HU' | 'VS';

const modes: readonly Mode[] = ['M', 'HS', 'U', 'VS', 'VU'];
const exceptions = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 20, 21, 22, 23, 24] as const;
const profiles: readonly DvProfile[] = ['none', 'paper', 'rtl', 'qemu'];

const setOf = (...members: number[]): ReadonlySet<number> => new Set(members);

/** Which bits each register can hold, by profile. */
const rtlMedeleg = setOf(0, 2, 3, 4, 6, 8, 10, 12, 13, 15, 20, 21, 22, 23);
const fullMedeleg = setOf(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 15, 20, 21, 22, 23);
const holds = {
  medeleg: {
    none: fullMedeleg,
    paper: setOf(...fullMedeleg, 24),
    rtl: rtlMedeleg,
    qemu: setOf(...fullMedeleg, 24),
  },
  hedeleg: setOf(0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 15, 18, 19),
  sedeleg: {
    none: setOf(),
    paper: setOf(10, 20, 21, 22, 23),
    rtl: setOf(4, 6, 10, 20, 21, 22, 23),
    qemu: setOf(...exceptions),
  },
} as const;

interface Delegation {
  readonly m: boolean;
  readonly h: boolean;
  readonly s: boolean;
}

function exceptionTarget(
  profile: DvProfile,
  mode: Mode,
  cause: number,
  hu: boolean,
  wanted: Delegation,
): Target {
  const isGuest = mode === 'VS' || mode === 'VU';
  const leavesM = wanted.m && holds.medeleg[profile].has(cause) && mode !== 'M';
  if (!leavesM) return 'M';
  if (isGuest && wanted.h && holds.hedeleg.has(cause)) return 'VS';
  const toHandler = wanted.s && holds.sedeleg[profile].has(cause);
  if (!toHandler) return 'HS';
  if (profile === 'rtl') return 'HU';
  if (profile === 'qemu') return mode === 'HS' ? 'HS' : 'HU';
  return isGuest && hu ? 'HU' : 'HS';
}

const privilegeAfter: Readonly<Record<Target, Mode>> = { M: 'M', HS: 'HS', HU: 'U', VS: 'VS' };
const booleans = [false, true] as const;
const everyDelegation = booleans.flatMap((m) =>
  booleans.flatMap((h) => booleans.map((s) => ({ m, h, s }))),
);

for (const profile of profiles) {
  test(`every exception of every mode goes where the delegation registers say (${profile})`, (t) => {
    const bench = new CsrBench({ profile });
    const wrong: string[] = [];
    for (const cause of exceptions) {
      for (const wanted of everyDelegation) {
        const mask = 1n << BigInt(cause);
        bench.write({ medeleg: wanted.m ? mask : 0n, hedeleg: wanted.h ? mask : 0n });
        if (profile !== 'none') bench.write({ sedeleg: wanted.s ? mask : 0n });
        for (const hu of booleans) {
          bench.setFields({ 'hstatus.hu': BigInt(hu) });
          const before = bench.snapshot();
          for (const mode of modes) {
            bench.mode = mode;
            const expected = exceptionTarget(profile, mode, cause, hu, wanted);
            const { to, from } = bench.traps.enter(exception(cause));
            const isRight =
              to === expected && from === mode && bench.mode === privilegeAfter[expected];
            if (!isRight) {
              wrong.push(
                `${String(cause)} in ${mode}, ${JSON.stringify(wanted)}: ${to}, not ${expected}`,
              );
            }
            bench.restore(before);
          }
        }
      }
    }
    t.deepEqual(wrong, []);
  });
}

const interrupts = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] as const;
const isVsInterrupt = (number: number): boolean => [2, 6, 10].includes(number);
const isUserInterrupt = (number: number): boolean => [0, 4, 8].includes(number);
const isMachineInterrupt = (number: number): boolean => [3, 7, 11].includes(number);

function interruptTarget(
  profile: DvProfile,
  mode: Mode,
  number: number,
  hu: boolean,
  wanted: Delegation,
): Target | 'none' {
  const isGuest = mode === 'VS' || mode === 'VU';
  if (profile === 'none' && isUserInterrupt(number)) return 'none';
  const leavesM =
    isVsInterrupt(number) || number === 12 || (wanted.m && !isMachineInterrupt(number));
  if (!leavesM) return 'M';
  if (wanted.h && isVsInterrupt(number)) {
    if (isGuest) return 'VS';
    // Its sideleg holds any bit, and from U it looks at nothing else.
    return profile === 'qemu' && wanted.s && mode === 'U' ? 'HU' : 'none';
  }
  const toHandler = wanted.s && (isUserInterrupt(number) || profile === 'qemu');
  if (!toHandler || profile === 'none') return mode === 'M' ? 'none' : 'HS';
  if (mode === 'M' || mode === 'HS') return 'none';
  if (profile === 'paper') return isGuest && hu ? 'HU' : 'none';
  return 'HU';
}

for (const profile of profiles) {
  test(`every interrupt in every mode goes where the delegation registers say (${profile})`, (t) => {
    const wrong: string[] = [];
    for (const number of interrupts) {
      for (const wanted of everyDelegation) {
        const mask = 1n << BigInt(number);
        const bench = new CsrBench({ profile, features: { guestInterruptCount: 1 } });
        bench.write({ mie: ~0n, mideleg: wanted.m ? mask : 0n, hideleg: wanted.h ? mask : 0n });
        if (profile !== 'none') bench.write({ sideleg: wanted.s ? mask : 0n });
        bench.setFields({ 'mstatus.mie': 1n, 'mstatus.sie': 1n, 'vsstatus.sie': 1n });
        if (profile !== 'none') bench.setFields({ 'hustatus.uie': 1n });
        const line = (
          [
            'usip',
            'ssip',
            'vssip',
            'msip',
            'utip',
            'stip',
            'vstip',
            'mtip',
            'ueip',
            'seip',
            'vseip',
            'meip',
            'sgei',
          ] as const
        )[number];
        if (profile !== 'none' || !isUserInterrupt(number)) bench.lines.set(line, true);
        for (const hu of booleans) {
          bench.setFields({ 'hstatus.hu': BigInt(hu) });
          const before = bench.snapshot();
          for (const mode of modes) {
            bench.mode = mode;
            const expected = interruptTarget(profile, mode, number, hu, wanted);
            const selected = bench.interrupts.next(mode);
            const got = selected === undefined ? 'none' : bench.traps.enter(selected).to;
            if (got !== expected || (selected !== undefined && selected !== number)) {
              wrong.push(
                `${String(number)} in ${mode}, hu ${String(hu)}, ${JSON.stringify(wanted)}: ${got}, not ${expected}`,
              );
            }
            bench.restore(before);
          }
        }
      }
    }
    t.deepEqual(wrong.slice(0, 20), []);
  });
}
