/** A text file that was read, by the name the user knows it by. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
  /** The place whose `extends` (or file reference) pulled this file in. */
  readonly includedBy?: FileOrigin;
}

/** A stretch of a source file, as character offsets. */
export interface FileOrigin {
  readonly kind: 'file';
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** A value given on the command line. */
export interface SetOrigin {
  readonly kind: 'set';
  readonly assignment: string;
}

/** Where a value of the configuration was written. */
export type Origin = FileOrigin | SetOrigin;

/** A position inside a text; both numbers count from one. */
export interface LineAndColumn {
  readonly line: number;
  readonly column: number;
}

/** Converts a character offset to line and column. */
export function lineAndColumn(text: string, offset: number): LineAndColumn {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}

/** Names an origin in one word group: `file:line:column` or `--set key=value`. */
export function describeOrigin(origin: Origin): string {
  if (origin.kind === 'set') return `--set ${origin.assignment}`;
  const { line, column } = lineAndColumn(origin.file.text, origin.start);
  return `${origin.file.name}:${String(line)}:${String(column)}`;
}
