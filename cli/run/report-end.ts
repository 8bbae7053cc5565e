import {
  type CodeNames,
  describeHart,
  hangReport,
  renderDiagnostic,
  type Booted,
  type Diagnostic,
  type Divergence,
  type Machine,
} from '../../platforms/index.ts';
import { ExitCode, type ExitStatus } from '../exit-code.ts';
import { groupDigits } from '../text-table.ts';
import type { PreparedRun } from './check-against.ts';
import type { DriveEnd } from './drive.ts';
import { reportDivergence } from './report-divergence.ts';

/** What the end of a run means to the caller of the process. */
export interface EndReport {
  readonly status: ExitStatus;
  /** One sentence, or the whole error. */
  readonly text: string;
}

/** Explains how a run ended, and says so if it was checked and nothing was found. */
export function reportEnd(
  end: DriveEnd,
  { booted, engines }: Pick<PreparedRun, 'booted' | 'engines'>,
): EndReport {
  if (end.kind === 'divergence') {
    const { subject = '', reference = '' } = engines ?? {};
    const report = reportDivergence(end, { subject, reference }, booted.names);
    return { status: ExitCode.divergence, text: renderDiagnostic(report) };
  }
  const { status, text } = reportOwnEnd(end, booted);
  if (engines === undefined) return { status, text };
  const { subject, reference } = engines;
  const cycles = groupDigits(booted.machine.cycle);
  return {
    status,
    text: `${text}\nchecked: ${subject} does what ${reference} does, ${cycles} cycles`,
  };
}

function reportOwnEnd(end: Exclude<DriveEnd, Divergence>, { machine, names }: Booted): EndReport {
  switch (end.kind) {
    case 'verdict':
      return reportVerdict(end);
    case 'budget':
      return {
        status: ExitCode.budget,
        text: renderDiagnostic(budgetReached(end.unit, machine, names)),
      };
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

function budgetReached(
  unit: 'cycles' | 'instructions',
  machine: Machine,
  names: CodeNames,
): Diagnostic {
  return {
    code: 'E-RUN-002',
    message: `the budget is used up: ${spent(unit, machine)}, and software did not end the run`,
    notes: [
      ...machine.harts.flatMap(({ status }) => describeHart(status, names)),
      'hint: software ends a run through tohost, the test finisher or SBI system reset',
    ],
    help: unit === 'cycles' ? '--max-cycles N allows more' : '--max-instructions N allows more',
  };
}

/** Cycles are the machine's; instructions are counted for each hart on its own. */
function spent(unit: 'cycles' | 'instructions', { cycle, harts }: Machine): string {
  if (unit === 'cycles') return `${groupDigits(cycle)} cycles`;
  const counts = harts.map(({ state }) => state.instret);
  const most = Math.max(...counts);
  return `hart ${String(counts.indexOf(most))} has retired ${groupDigits(most)} instructions`;
}
