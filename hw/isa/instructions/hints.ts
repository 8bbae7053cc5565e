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

/** The word of PAUSE. */
const PAUSE = 0x0100_000f;

/** Whether an instruction word says that the hart waits for another one to get somewhere. */
export function isPause(word: number): boolean {
  return word === PAUSE;
}
