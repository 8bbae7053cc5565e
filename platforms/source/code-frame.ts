import { describeOrigin, lineAndColumn, type FileOrigin } from './origin.ts';

/** Shows the place of a mistake: file and position, the line before, the line itself, carets and the label. */
export function renderCodeFrame(origin: FileOrigin, label?: string): string[] {
  const { file, start, end } = origin;
  const { line, column } = lineAndColumn(file.text, start);
  const lines = file.text.split('\n');
  const text = (lines[line - 1] ?? '').trimEnd();
  const width = Math.max(2, String(line).length);
  const margin = ' '.repeat(width);
  const frame = [`${margin}┌─ ${describeOrigin(origin)}${includedBy(origin)}`];
  const previous = lines[line - 2];
  if (previous !== undefined && previous.trim() !== '') {
    frame.push(`${String(line - 1).padStart(width)} │ ${previous.trimEnd()}`);
  }
  const caretCount = Math.max(1, Math.min(end - start, text.length - column + 1));
  const carets = `${' '.repeat(column - 1)}${'^'.repeat(caretCount)}`;
  frame.push(`${String(line).padStart(width)} │ ${text}`);
  frame.push(`${margin} │ ${carets}${label === undefined ? '' : ` ${label}`}`);
  return frame;
}

function includedBy(origin: FileOrigin): string {
  const parent = origin.file.includedBy;
  if (parent === undefined) return '';
  const { line } = lineAndColumn(parent.file.text, parent.start);
  return `   (included by ${parent.file.name}:${String(line)})`;
}
