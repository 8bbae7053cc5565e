import { exitSteps, type FinishedExit } from '../../hw/hart/index.ts';
import type { CodeNames } from '../../platforms/index.ts';
import { leafText, type StepLeaf } from './exit-leaves.ts';

/**
 * One VM exit in a line: its first cycle and that of the guest's next instruction, who took it where and why, and for each step
 * its cycles and on what they were spent.
 */
export function exitLine(
  hart: number,
  exit: FinishedExit,
  leaves: readonly StepLeaf[],
  names: CodeNames,
): string {
  const { before, end, vmid, cause, handler, pcHigh, pcLow } = exit;
  const pc = (BigInt(pcHigh) << 32n) | BigInt(pcLow);
  const place = `0x${pc.toString(16)} ${names.describe('VS', pc)}`.trimEnd();
  const steps = exitSteps.flatMap((step, index) => {
    const cycles = exit.cycles[index] ?? 0;
    if (cycles === 0) return [];
    const parts = leaves
      .filter((leaf) => leaf.step === step)
      .map((leaf) => `${leafText(leaf, handler)} ${String(leaf.cycles)}`);
    return [`${step} ${String(cycles)} (${parts.join(', ')})`];
  });
  return [
    `${String(before)}..${String(end)}`,
    `hart ${String(hart)}`,
    `vm ${String(vmid)}`,
    `${cause} -> ${handler}`,
    `at ${place}`,
    `${String(end - before)} = ${steps.join(' + ')}`,
  ].join('  ');
}
