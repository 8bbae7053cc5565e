import type { TimingClass } from '../isa/index.ts';
import type { TimingParameters } from './parameters.ts';

/** Cycles in all of a floating-point division or square root, during which the pipeline waits; `undefined` for others. */
export function floatDividerCycles(
  parameters: TimingParameters,
  timing: TimingClass,
): number | undefined {
  switch (timing) {
    case 'floatDivideSingle':
    case 'floatDivideDouble':
    case 'floatSquareRootSingle':
    case 'floatSquareRootDouble':
      return parameters[timing];
    default:
      return undefined;
  }
}

/** The gap from a floating-point instruction that is no load to a user of its result; `undefined` for others. */
export function floatUse(parameters: TimingParameters, timing: TimingClass): number | undefined {
  switch (timing) {
    case 'floatSingle':
      return parameters.floatSingleUse;
    case 'floatDouble':
      return parameters.floatDoubleUse;
    case 'floatMove':
      return parameters.floatMoveUse;
    case 'floatToInteger':
      return parameters.floatToIntegerUse;
    default:
      return undefined;
  }
}
