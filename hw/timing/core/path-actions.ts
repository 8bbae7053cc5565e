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
  holdStore: 9,
  passStore: 10,
  useTarget: 11,
  learnTarget: 12,
  dropTargets: 13,
  pushReturn: 14,
  popReturn: 15,
  predict: 16,
  resolve: 17,
  rewind: 18,
  emptyInstructionCache: 19,
  /** The instruction commits. */
  commit: 20,
} as const;

/** One of them. */
export type PathAction = (typeof PathAction)[keyof typeof PathAction];

/** The last action that has an answer. */
export const LAST_QUESTION = PathAction.rest;
