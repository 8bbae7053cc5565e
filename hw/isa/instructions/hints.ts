/**
 * Instructions that change nothing but tell the hart what to expect, and the encodings that they borrow: PAUSE
 * (Zihintpause, unpriv 10) of `fence`, NTL (Zihintntl, unpriv 9) of `add`. A hart executes them as what they borrow, and lets
 * others go on at a PAUSE.
 */
export const hints = {
  pause: 'fence w, 0',
  'ntl.p1': 'add zero, zero, sp',
  'ntl.pall': 'add zero, zero, gp',
  'ntl.s1': 'add zero, zero, tp',
  'ntl.all': 'add zero, zero, t0',
} as const satisfies Readonly<Record<string, string>>;

/** Opcode, function and successors of FENCE, and what they are where nothing may follow. */
const FENCE_MASK = 0x00f0_707f;
const FENCE_FOR_NOTHING = 0x0000_000f;

/**
 * Whether an instruction word says that the hart waits for another one to get somewhere: PAUSE, and any other FENCE without
 * successors, which Rocket does not tell from it (rocket-chip, `RocketCore.scala`, id_fence_succ).
 */
export function isPause(word: number): boolean {
  return (word & FENCE_MASK) === FENCE_FOR_NOTHING;
}
