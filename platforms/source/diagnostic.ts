import { renderCodeFrame } from './code-frame.ts';
import { describeOrigin, type Origin } from './origin.ts';

/** One mistake in the user's input, complete enough to be corrected without reading any code. */
export interface Diagnostic {
  /** Stable code, such as `E-CFG-003`; one that begins with W warns. */
  readonly code: string;
  /** Subject, value and bound in one sentence without a full stop. */
  readonly message: string;
  readonly origin?: Origin | undefined;
  /** What stands beside the carets: what was expected, the nearest valid name. */
  readonly label?: string | undefined;
  /** Further places or facts, one line each. */
  readonly notes?: readonly string[];
  /** One command that helps. */
  readonly help?: string | undefined;
}

/** Prints a diagnostic with its place, code frame, notes and help. */
export function renderDiagnostic(diagnostic: Diagnostic): string {
  const { code, message, origin, label, notes = [], help } = diagnostic;
  const severity = code.startsWith('W') ? 'warning' : 'error';
  const lines = [`${severity}[${code}]: ${message}`];
  if (origin?.kind === 'file') lines.push(...renderCodeFrame(origin, label));
  else if (origin !== undefined) lines.push(`  ┌─ ${describeOrigin(origin)}`);
  if (origin?.kind !== 'file' && label !== undefined) lines.push(`   = ${label}`);
  lines.push(...notes.map((note) => `   ${note}`));
  if (help !== undefined) lines.push(`   = help: ${help}`);
  return lines.join('\n');
}
