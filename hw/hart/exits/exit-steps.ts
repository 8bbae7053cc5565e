/** The steps of a VM exit in order; `nested` is time taken by interrupts of the host on the way. */
export const exitSteps = [
  'trap',
  'save',
  'dispatch',
  'handler',
  'restore',
  'return',
  'nested',
] as const;

/** One of the steps of a VM exit. */
export type ExitStep = (typeof exitSteps)[number];

/** The steps that software announces with a probe: the step that begins there. */
export type ProbedStep = 'dispatch' | 'handler' | 'restore';

/** A trap out of a guest. */
export interface ExitStart {
  readonly handler: string;
  readonly cause: string;
  /** The virtual machine, by the label of its translations. */
  readonly vmid: number;
  /** The hart's cycle count before and after the trap was taken. */
  readonly before: number;
  readonly after: number;
  /** Where the guest was, in unsigned halves. */
  readonly pcHigh: number;
  readonly pcLow: number;
}

/** A finished VM exit; its virtual machine by number. */
export interface FinishedExit extends ExitStart {
  /** The hart's cycle count at the guest's next instruction. */
  readonly end: number;
  /** Cycles by step, in the order of `exitSteps`, and for each the cycles by leaf of the hart's tree; valid during the call. */
  readonly cycles: ArrayLike<number>;
  readonly leaves: readonly ArrayLike<number>[];
}

/** A return into a guest. */
export interface ExitEnd {
  readonly vmid: number;
  readonly before: number;
  readonly after: number;
}

/** Places of the steps in the order of `exitSteps`. */
export const Step = Object.fromEntries(exitSteps.map((step, place) => [step, place])) as Readonly<
  Record<ExitStep, number>
>;
