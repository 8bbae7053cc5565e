import type { HartStatus } from '../../hw/hart/index.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import type { CodeNames } from './code-names.ts';
import { describeHart, interruptList } from './hart-report.ts';
import type { Hang } from './watchdog.ts';

/** Explains a hang: for each hart its mode, place, interrupts and last trap, and what would cure it. */
export function hangReport(
  hang: Hang,
  statuses: readonly HartStatus[],
  names: CodeNames,
): Diagnostic {
  const culprit = culpritOf(hang, statuses);
  return {
    code: 'E-RUN-004',
    message: `no progress: ${describeHang(hang, culprit)}`,
    notes: [
      ...statuses.flatMap((status) => describeHart(status, names)),
      `hint: ${hint(hang, culprit)}`,
    ],
  };
}

function culpritOf(hang: Hang, statuses: readonly HartStatus[]): HartStatus | undefined {
  if (hang === 'trap storm') return statuses.toSorted((a, b) => b.trapsInARow - a.trapsInARow)[0];
  const running = statuses.find(({ isWaiting }) => isWaiting === (hang === 'waiting'));
  return running ?? statuses[0];
}

function describeHang(hang: Hang, culprit: HartStatus | undefined): string {
  const hart = `hart ${String(culprit?.id ?? 0)}`;
  if (hang === 'waiting') return `${hart} waits in WFI, and nothing is left that could wake it`;
  if (hang === 'self loop')
    return `${hart} jumps to itself, and no interrupt takes it out of there`;
  if (hang === 'exit storm')
    return `a guest on ${hart} exits again and again and retires no instruction`;
  return `${hart} takes trap after trap (${String(culprit?.trapsInARow)}) and retires no instruction`;
}

function hint(hang: Hang, culprit: HartStatus | undefined): string {
  if (hang === 'trap storm') {
    return 'the trap vector itself cannot be fetched or executed; check mtvec, stvec or vstvec';
  }
  if (hang === 'exit storm') {
    return 'the guest can neither go on nor take its trap; check vstvec, and what is mapped there';
  }
  if (hang === 'self loop') {
    return 'a program ends through tohost, the test finisher or SBI system reset, not in a loop';
  }
  const { enabled = 0n, pending = 0n } = culprit ?? {};
  if (pending !== 0n && (pending & enabled) === 0n) {
    return `an interrupt is pending but masked (${interruptList(pending & ~enabled)}); software never enabled it in mie`;
  }
  if (enabled === 0n)
    return 'all interrupts are disabled in mie; end a program with tohost or the test finisher';
  return 'no timer is armed and no device will raise a line; end a program with tohost or the test finisher';
}
