/**
 * Visits after which it pays to write down what happens at an address: that takes as long as going through the stages a few times, and
 * of code with many ways through it most of what was written down never comes up again.
 */
const ENOUGH = 32;
const MOST = 2 ** 15;
/** Addresses that are told apart, by half-words. */
const PLACES = 2 ** 17;

/** How often something new happened to the instruction at an address. */
export class Visits {
  readonly #counts = new Uint16Array(PLACES);
  #enough = ENOUGH;

  /** What was written down did not fit, so that only what comes by more often is worth it from now on. */
  overflow(): void {
    this.#enough = Math.min(2 * this.#enough, MOST);
  }

  /** Counts one, and says whether there have been enough before. */
  areEnough(pc: number): boolean {
    const place = (pc >>> 1) & (PLACES - 1);
    const count = this.#counts[place] ?? 0;
    if (count >= this.#enough) return true;
    this.#counts[place] = count + 1;
    return false;
  }
}
