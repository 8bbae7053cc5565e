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
  holdStore: 8,
  passStore: 9,
  useTarget: 10,
  learnTarget: 11,
  dropTargets: 12,
  pushReturn: 13,
  popReturn: 14,
  predict: 15,
  resolve: 16,
  rewind: 17,
  emptyInstructionCache: 18,
  /** The instruction commits. */
  commit: 19,
} as const;

/** One of them. */
export type PathAction = (typeof PathAction)[keyof typeof PathAction];

/** The last action that has an answer. */
export const LAST_QUESTION = PathAction.meets;
