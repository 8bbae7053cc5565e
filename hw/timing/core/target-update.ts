import { Transfer } from './branch-target-buffer.ts';
import { Control, destinationOf, FIRST_FLOAT, sourceOf, TRANSFERS } from './control-word.ts';
import type { Slot } from './slot.ts';
import type { TargetUpdate } from './surroundings.ts';

const { isBranch, jumpsToRegister } = Control;
/** Registers that hold return addresses. */
const RA = 1;
const ALTERNATE = 5;

/** What the target buffer learns from an instruction that fetch did not follow. */
export function updateOf(slot: Slot): TargetUpdate {
  const { control, registers, entry, lastHalf: pc } = slot;
  return { entry, isValid: (control & TRANSFERS) !== 0, kind: kindOf(control, registers), pc };
}

function kindOf(control: number, registers: number): Transfer {
  if ((control & isBranch) !== 0 || (control & TRANSFERS) === 0) return Transfer.branch;
  const destination = destinationOf(registers);
  if (destination < FIRST_FLOAT && (destination & 1) === 1) return Transfer.call;
  const source = sourceOf(registers, 1);
  const isReturn = (control & jumpsToRegister) !== 0 && (source === RA || source === ALTERNATE);
  return isReturn ? Transfer.return : Transfer.jump;
}
