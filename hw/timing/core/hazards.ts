import type { InstructionView } from './instruction-view.ts';

/** Whether an instruction reads or writes an integer register. */
export function usesInteger({ rs1, rs2, rd }: InstructionView, register: number): boolean {
  return register > 0 && (rs1 === register || rs2 === register || rd === register);
}

/** Whether an instruction reads or writes a floating-point register. */
export function usesFloat({ frs1, frs2, frs3, frd }: InstructionView, register: number): boolean {
  return (
    register >= 0 &&
    (frs1 === register || frs2 === register || frs3 === register || frd === register)
  );
}

/** Whether an instruction must wait for one that is in the execute stage. */
export function waitsForExecute(view: InstructionView, before: InstructionView): boolean {
  const isLate =
    before.isCsr ||
    before.transfer === 'jumpRegister' ||
    before.memory !== 'none' ||
    before.arithmetic !== undefined ||
    before.isFloat;
  return (isLate && usesInteger(view, before.rd)) || waitsForFloat(view, before);
}

/** Whether an instruction must wait for one that is in the memory stage. */
export function waitsForMemory(view: InstructionView, before: InstructionView): boolean {
  const isLate =
    before.isCsr || comesLate(before) || before.arithmetic !== undefined || before.isFloat;
  return (isLate && usesInteger(view, before.rd)) || waitsForFloat(view, before);
}

/** Whether an instruction must wait for one in write-back; `misses`: memory has not answered it. */
export function waitsForWriteBack(
  view: InstructionView,
  before: InstructionView,
  misses: boolean,
): boolean {
  const isLate = misses || before.arithmetic !== undefined;
  return (isLate && usesInteger(view, before.rd)) || waitsForFloat(view, before);
}

/** Whether the integer result of an access in the memory stage is what an instruction uses. */
export function usesLoad(view: InstructionView, before: InstructionView): boolean {
  return before.memory !== 'none' && usesInteger(view, before.rd);
}

function waitsForFloat(view: InstructionView, before: InstructionView): boolean {
  return view.isFloat && usesFloat(view, before.frd);
}

/** Whether data need a cycle more from the cache to the register: less than a word, or whether a store succeeded. */
function comesLate({ memory, bytes }: InstructionView): boolean {
  return memory !== 'none' && (memory === 'storeConditional' || bytes < 4);
}
