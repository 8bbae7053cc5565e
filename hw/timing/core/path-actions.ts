/** What happens on the way from one commit to the next. Up to `lastQuestion`, the answer decides how it goes on. */
export const PathAction = {
  /** The instruction that is to commit: its address, what follows it, and the rest of `Executed` as a number. */
  executed: 0,
  target: 1,
  direction: 2,
  returnTarget: 3,
  fetch: 4,
  translate: 5,
  access: 6,
  meets: 7,
  rest: 8,
  pause: 9,
  isLate: 10,
  holdStore: 11,
  passStore: 12,
  useTarget: 13,
  learnTarget: 14,
  dropTargets: 15,
  pushReturn: 16,
  popReturn: 17,
  predict: 18,
  resolve: 19,
  rewind: 20,
  emptyInstructionCache: 21,
  /** The instruction commits. */
  commit: 22,
} as const;

/** One of them. */
export type PathAction = (typeof PathAction)[keyof typeof PathAction];

/** The last action that has an answer. */
export const LAST_QUESTION = PathAction.isLate;
