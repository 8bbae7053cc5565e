/** What becomes of a fetch: the word is there, is being brought, or may only be asked for when nothing is before it. */
export const FetchOutcome = { there: 0, coming: 1, forbidden: 2 } as const;

/** One of them. */
export type FetchOutcome = (typeof FetchOutcome)[keyof typeof FetchOutcome];

const OUTCOMES = 4;
/** What else an answer says: nothing new, that fetch waits for nothing, or from `FIRST` on for which mechanism. */
const SAME = 0;
const NOTHING = 1;
const FIRST = 2;

/** An outcome as one number, which leaves what fetch waits for as it is. */
export function fetchAnswer(outcome: FetchOutcome): number {
  return outcome + OUTCOMES * SAME;
}

/** One that changes what fetch waits for to a mechanism, or to nothing. */
export function fetchAnswerThatWaits(outcome: FetchOutcome, mechanism: number | undefined): number {
  return outcome + OUTCOMES * (mechanism === undefined ? NOTHING : FIRST + mechanism);
}

/** The outcome in such a number. */
export function outcomeOf(answer: number): FetchOutcome {
  return (answer % OUTCOMES) as FetchOutcome;
}

/** The mechanism that fetch waits for behind such an answer, or -1, given the same before it. */
export function fetchWaitBehind(answer: number, before: number): number {
  const wait = Math.floor(answer / OUTCOMES);
  if (wait === SAME) return before;
  return wait === NOTHING ? NO_MECHANISM : wait - FIRST;
}

const NO_MECHANISM = -1;
