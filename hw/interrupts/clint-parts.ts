import { z } from 'zod';
import { coreLocalMap } from '../isa/index.ts';
import { clock, type ClockDomain, line, outputs, sampled, word } from '../kernel/index.ts';

/** A compare register that no time reaches. */
export const never = 0xffff_ffff_ffff_ffffn;

const wrap = 1n << 64n;

/** What an interruptor remembers. */
export interface ClintState {
  msip: boolean[];
  mtimecmp: bigint[];
  /** What software's writes to mtime added to the count of rtc cycles. */
  mtimeOffset: bigint;
}

/** What tells the time. */
export interface Counting {
  readonly now: number;
  readonly clocks: { readonly rtc: ClockDomain };
}

/** The machine's time. */
export function mtime({ mtimeOffset }: ClintState, { now, clocks }: Counting): bigint {
  return BigInt.asUintN(64, BigInt(clocks.rtc.cycleAt(now)) + mtimeOffset);
}

/** Tick at which a comparison changes: mtime reaches a compare register ahead of it, or wraps below one that it had reached. */
export function nextChange(
  state: ClintState,
  compares: readonly bigint[],
  context: Counting,
): number | undefined {
  const present = mtime(state, context);
  const distances = compares.map((compare) =>
    compare > present ? compare - present : wrap - present,
  );
  const nearest = distances.reduce((a, b) => (b < a ? b : a), wrap);
  const { rtc } = context.clocks;
  return rtc.tickOf(BigInt(rtc.cycleAt(context.now)) + nearest);
}

/** The state of an interruptor of `harts` harts after reset: no interrupt until software asks. */
export function clintReset(harts: number): ClintState {
  return {
    msip: new Array<boolean>(harts).fill(false),
    mtimecmp: new Array<bigint>(harts).fill(never),
    mtimeOffset: 0n,
  };
}

/** The lines to all harts that are high while mtime is at or past their compare register. */
export function reached(
  state: ClintState,
  compares: readonly bigint[],
  context: Counting,
): boolean[] {
  const present = mtime(state, context);
  return compares.map((compare) => present >= compare);
}

/** What a platform says of an interruptor with registers for so many harts. */
export function clintOptions(mostHarts: number) {
  return z.strictObject({
    harts: z
      .int()
      .min(1)
      .max(mostHarts)
      .describe('Harts served; the number of harts of the platform.'),
  });
}

/** The ports of every interruptor. */
export const clintPorts = {
  rtc: clock('counts mtime'),
  msip: outputs(line, 'harts', 'machine software interrupt of each hart'),
  mtip: outputs(line, 'harts', 'machine timer interrupt of each hart'),
  time: sampled(word(64), 'mtime, for the time CSR'),
} as const;

interface Indexed {
  readonly index: number;
}

/** The registers of every interruptor (map: SiFive FU540 manual, chapter 9). */
export const clintRegisters = {
  msip: {
    offset: 0x0,
    bytes: 4,
    count: 'harts',
    description: "Bit 0 raises the hart's software interrupt.",
    read: (state: ClintState, { index }: Indexed) => (state.msip[index] === true ? 1 : 0),
    write: (draft: ClintState, value: number, { index }: Indexed): void => {
      draft.msip[index] = (value & 1) === 1;
    },
  },
  mtimecmp: {
    offset: 0x4000,
    bytes: 8,
    count: 'harts',
    description: 'The timer interrupt is pending while mtime is at or past it.',
    read: (state: ClintState, { index }: Indexed) => state.mtimecmp[index] ?? never,
    write: (draft: ClintState, value: bigint, { index }: Indexed): void => {
      draft.mtimecmp[index] = value;
    },
  },
  mtime: {
    offset: coreLocalMap.time.offset,
    bytes: 8,
    description: 'Cycles of the rtc clock.',
    read: mtime,
    write: (draft: ClintState, value: bigint, { now, clocks }: Counting): void => {
      draft.mtimeOffset = BigInt.asUintN(64, value - BigInt(clocks.rtc.cycleAt(now)));
    },
  },
} as const;
