import { renderDiagnostic, type Diagnostic } from './diagnostic.ts';
import type { Origin } from './origin.ts';

/** A mistake in what the user gave, never a defect of the simulator; carries every finding at once. */
export class DvlabError extends Error {
  readonly code: string;
  readonly source: Origin | undefined;
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly [Diagnostic, ...Diagnostic[]]) {
    super(diagnostics.map(renderDiagnostic).join('\n\n'));
    this.name = 'DvlabError';
    this.code = diagnostics[0].code;
    this.source = diagnostics[0].origin;
    this.diagnostics = diagnostics;
  }
}

/** Throws when anything was found; the caller goes on only with clean input. */
export function refuse(diagnostics: readonly Diagnostic[]): void {
  const [first, ...rest] = diagnostics;
  if (first !== undefined) throw new DvlabError([first, ...rest]);
}
