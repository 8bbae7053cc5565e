import { z } from 'zod';
import { clock, defineDevice, line, outputs, sampled, word } from '../kernel/index.ts';
import type { ClockDomain } from '../kernel/index.ts';

const never = 0xffff_ffff_ffff_ffffn;
const wrap = 1n << 64n;

/** What the interruptor remembers. */
export interface ClintState {
  msip: boolean[];
  mtimecmp: bigint[];
  /** What software's writes to mtime added to the count of rtc cycles. */
  mtimeOffset: bigint;
}

interface Counting {
  readonly now: number;
  readonly clocks: { readonly rtc: ClockDomain };
}

function mtime({ mtimeOffset }: ClintState, { now, clocks }: Counting): bigint {
  return BigInt.asUintN(64, BigInt(clocks.rtc.cycleAt(now)) + mtimeOffset);
}

/** Tick at which a comparison changes: mtime reaches a mtimecmp ahead of it, or wraps below one that it had reached. */
function nextChange(state: ClintState, context: Counting): number | undefined {
  const present = mtime(state, context);
  const distances = state.mtimecmp.map((compare) =>
    compare > present ? compare - present : wrap - present,
  );
  const nearest = distances.reduce((a, b) => (b < a ? b : a), wrap);
  const { rtc } = context.clocks;
  return rtc.tickOf(BigInt(rtc.cycleAt(context.now)) + nearest);
}

/**
 * The core-local interruptor: per hart a software interrupt bit and a timer compare, and the machine's time
 * (priv 3.2.1; map: SiFive FU540 manual, chapter 9). mtime is computed from simulated time, so it costs no events.
 * mtimecmp is all ones after reset, where the manual leaves it undefined: no timer interrupt until software asks.
 */
export const clint = defineDevice({
  kind: 'clint',
  summary: 'Core-local interruptor: software interrupts, timer compares and the machine time.',
  size: 0x1_0000,
  unmapped: 'zero',
  wide: 'split',
  options: z.strictObject({
    harts: z.int().min(1).max(4095).describe('Harts served; the number of harts of the platform.'),
  }),
  platformOptions: { harts: 'hartCount' },
  ports: {
    rtc: clock('counts mtime'),
    msip: outputs(line, 'harts', 'machine software interrupt of each hart'),
    mtip: outputs(line, 'harts', 'machine timer interrupt of each hart'),
    time: sampled(word(64), 'mtime, for the time CSR'),
  },
  reset: ({ harts }): ClintState => ({
    msip: new Array<boolean>(harts).fill(false),
    mtimecmp: new Array<bigint>(harts).fill(never),
    mtimeOffset: 0n,
  }),
  registers: {
    msip: {
      offset: 0x0,
      bytes: 4,
      count: 'harts',
      description: "Bit 0 raises the hart's software interrupt.",
      read: (state, { index }) => (state.msip[index] === true ? 1 : 0),
      write: (draft, value, { index }) => {
        draft.msip[index] = (value & 1) === 1;
      },
    },
    mtimecmp: {
      offset: 0x4000,
      bytes: 8,
      count: 'harts',
      description: 'The timer interrupt is pending while mtime is at or past it.',
      read: (state, { index }) => state.mtimecmp[index] ?? never,
      write: (draft, value, { index }) => {
        draft.mtimecmp[index] = value;
      },
    },
    mtime: {
      offset: 0xbff8,
      bytes: 8,
      description: 'Cycles of the rtc clock.',
      read: mtime,
      write: (draft, value, { now, clocks }) => {
        draft.mtimeOffset = BigInt.asUintN(64, value - BigInt(clocks.rtc.cycleAt(now)));
      },
    },
  },
  sample: { time: mtime },
  nextEdge: (state, _inputs, context) => nextChange(state, context),
  drive: (state, _inputs, context) => ({
    msip: state.msip,
    mtip: state.mtimecmp.map((compare) => mtime(state, context) >= compare),
  }),
});
