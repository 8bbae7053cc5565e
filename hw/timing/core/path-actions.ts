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
  holdStore: 10,
  passStore: 11,
  useTarget: 12,
  learnTarget: 13,
  dropTargets: 14,
  pushReturn: 15,
  popReturn: 16,
  predict: 17,
  resolve: 18,
  rewind: 19,
  emptyInstructionCache: 20,
  /** The instruction commits. */
  commit: 21,
} as const;

/** One of them. */
export type PathAction = (typeof PathAction)[keyof typeof PathAction];

/** The last action that has an answer. */
export const LAST_QUESTION = PathAction.pause;
