import { exitSteps, type FinishedExit, type Hart } from '../../hw/hart/index.ts';

/** A leaf of a hart's cycle tree by its names. */
export interface LeafName {
  readonly mode: string;
  readonly mechanism: string;
}

/** Cycles that a step of an exit spent on one leaf. */
export interface StepLeaf extends LeafName {
  readonly step: (typeof exitSteps)[number];
  readonly cycles: number;
}

/** The names of a hart's leaves, by number. */
export function leafNames({ account: { tree } }: Hart): readonly LeafName[] {
  return tree.modes.flatMap((mode) =>
    tree.mechanisms.map(({ name }) => ({ mode, mechanism: name })),
  );
}

/** What the steps of an exit spent, leaf by leaf, without those that it does not have. */
export function stepLeaves(
  { leaves }: FinishedExit,
  names: readonly LeafName[],
): readonly StepLeaf[] {
  return exitSteps.flatMap((step, place) => {
    const own = leaves[place];
    return names.flatMap((name, leaf) => {
      const cycles = own?.[leaf] ?? 0;
      return cycles === 0 ? [] : [{ step, ...name, cycles }];
    });
  });
}

/** A leaf as the parts of an exit name it: with its mode where that is not the handler's own. */
export function leafText({ mode, mechanism }: LeafName, handler: string): string {
  return mode === handler ? mechanism : `${mode}:${mechanism}`;
}
