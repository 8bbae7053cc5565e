import {
  type CodeNames,
  hangReport,
  renderDiagnostic,
  type Diagnostic,
  type Machine,
} from '../../platforms/index.ts';
import { ExitCode, type ExitStatus } from '../exit-code.ts';
import { groupDigits } from '../text-table.ts';
import type { DriveEnd } from './drive.ts';

/** What the end of a run means to the caller of the process. */
export interface EndReport {
  readonly status: ExitStatus;
  /** One sentence, or the whole error. */
  readonly text: string;
}

/** Explains how a run ended. */
export function reportEnd(end: DriveEnd, machine: Machine, names: CodeNames): EndReport {
  switch (end.kind) {
    case 'verdict':
      return reportVerdict(end);
    case 'budget':
      return { status: ExitCode.budget, text: renderDiagnostic(budgetReached(end.unit, machine)) };
    case 'hang': {
      const statuses = machine.harts.map(({ status }) => status);
      return {
        status: ExitCode.hang,
        text: renderDiagnostic(hangReport(end.hang, statuses, names)),
      };
    }
    case 'signal': {
      const status = end.signal === 'SIGINT' ? ExitCode.interrupted : ExitCode.terminated;
      return { status, text: `stopped by ${end.signal}; the results so far are valid` };
    }
  }
}

function reportVerdict({ verdict, device }: DriveEnd & { kind: 'verdict' }): EndReport {
  switch (verdict.kind) {
    case 'passed':
      return { status: ExitCode.passed, text: `passed (through ${device})` };
    case 'failed': {
      const code = `${String(verdict.code)} (0x${verdict.code.toString(16)})`;
      return { status: ExitCode.guestFailed, text: `failed with code ${code} (through ${device})` };
    }
    case 'reset':
      return {
        status: ExitCode.guestFailed,
        text: `software asked for a reset (through ${device})`,
      };
  }
}

function budgetReached(unit: 'cycles' | 'instructions', machine: Machine): Diagnostic {
  const count = unit === 'cycles' ? machine.cycle : machine.instructionCount;
  return {
    code: 'E-RUN-002',
    message: `the budget is used up: ${groupDigits(count)} ${unit}, and software did not end the run`,
    notes: ['hint: software ends a run through tohost, the test finisher or SBI system reset'],
    help: unit === 'cycles' ? '--max-cycles N allows more' : '--max-instructions N allows more',
  };
}
