import type { CsvRow } from './recorded-run.ts';

/** Reads a table with one row of names in front; a field with commas or quotes in it stands in quotes. */
export function csvRows(text: string): readonly CsvRow[] {
  const [head = '', ...lines] = text.trimEnd().split('\n');
  const names = fieldsOf(head);
  return lines.map((line) => {
    const fields = fieldsOf(line);
    return Object.fromEntries(names.map((name, index) => [name, fields[index] ?? '']));
  });
}

function fieldsOf(line: string): readonly string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain,
  );
}
