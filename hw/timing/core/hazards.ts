import { Control, destinationOf, FIRST_FLOAT, MEMORY, uses } from './control-word.ts';

const { isLateInExecute, isLateInMemory, arithmetic } = Control;

/** Whether an instruction with these registers must wait for one that is in the execute stage. */
export function waitsForExecute(registers: number, control: number, before: number): boolean {
  return waitsFor(registers, (control & isLateInExecute) !== 0, before);
}

/** Whether it must wait for one that is in the memory stage. */
export function waitsForMemory(registers: number, control: number, before: number): boolean {
  return waitsFor(registers, (control & isLateInMemory) !== 0, before);
}

/** Whether it must wait for one in write-back; `misses`: memory has not answered that. */
export function waitsForWriteBack(
  registers: number,
  control: number,
  before: number,
  misses: boolean,
): boolean {
  return waitsFor(registers, misses || (control & arithmetic) !== 0, before);
}

/** Whether the integer result of an access in the memory stage is what an instruction uses. */
export function usesLoad(registers: number, control: number, before: number): boolean {
  const register = destinationOf(before);
  return (
    (control & MEMORY) !== 0 &&
    register !== 0 &&
    register < FIRST_FLOAT &&
    uses(registers, register)
  );
}

/** Results in floating-point registers are late at any rate. */
function waitsFor(registers: number, isLate: boolean, before: number): boolean {
  const register = destinationOf(before);
  return register !== 0 && (isLate || register >= FIRST_FLOAT) && uses(registers, register);
}
