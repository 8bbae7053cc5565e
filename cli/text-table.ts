/** Lays rows out in columns; columns listed in `right` are aligned to the right. */
export function textTable(
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string[] {
  const columnCount = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columnCount }, (_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const pad = (text: string, column: number): string => {
    const width = widths[column] ?? 0;
    return right.includes(column) ? text.padStart(width) : text.padEnd(width);
  };
  return rows.map((row) => row.map(pad).join('  ').trimEnd());
}

/** Writes an integer with a separator between groups of three digits. */
export function groupDigits(value: number | bigint): string {
  return value.toString().replaceAll(/\B(?=(\d{3})+$)/g, ',');
}
