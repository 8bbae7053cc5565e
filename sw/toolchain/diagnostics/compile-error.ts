/** A place in an AssemblyScript source; line and column count from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Writes a location the way editors and terminals link it: `file:line:column`. */
export function formatLocation(location: SourceLocation | undefined): string {
  return location ? `${location.file}:${location.line}:${location.column}` : '(no location)';
}

/** A fault of the program being compiled, with its place. */
export class CompileError extends Error {
  readonly location: SourceLocation | undefined;

  constructor(message: string, location?: SourceLocation, options?: ErrorOptions) {
    super(location ? `${formatLocation(location)}: ${message}` : message, options);
    this.name = 'CompileError';
    this.location = location;
  }
}
