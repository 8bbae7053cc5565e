const MECHANISMS = 64;

/** A walk that an access waits for, as one number: cycles until its answer, and the mechanism that owns them. */
export function walkAnswer(cycles: number, mechanism: number): number {
  return cycles * MECHANISMS + mechanism;
}

/** The parts of such a number. */
export function walkOf(answer: number): { readonly cycles: number; readonly mechanism: number } {
  return { cycles: Math.floor(answer / MECHANISMS), mechanism: answer % MECHANISMS };
}
