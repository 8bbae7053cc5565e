import type { FunctionEntries, ProfileEntry } from '../../platforms/index.ts';

/** The mechanism under which entries into a function are counted; it takes no cycles. */
export const ENTRY = 'entry';

interface Row {
  readonly hart: number;
  readonly mode: string;
  readonly vm: number | undefined;
  readonly image: string;
  readonly name: string;
  readonly mechanism: string;
  cycles: number;
  times: number;
}

/** What each function spent itself, whoever called it, as one tidy table; a row `entry` says how often it was entered. */
export function functionsCsv(
  entries: readonly ProfileEntry[],
  functions: readonly FunctionEntries[],
): string {
  const rows = new Map<string, Row>();
  const add = (row: Row): void => {
    const { hart, mode, vm, image, name, mechanism } = row;
    const key = [hart, mode, vm, image, name, mechanism].join(' ');
    const known = rows.get(key);
    if (known === undefined) rows.set(key, row);
    else {
      known.cycles += row.cycles;
      known.times += row.times;
    }
  };
  for (const { stack, ...entry } of entries) {
    const code = stack.at(-1);
    if (code !== undefined) add({ ...entry, image: code.image, name: code.name });
  }
  for (const { code, ...entry } of functions) {
    add({ ...entry, image: code.image, name: code.name, mechanism: ENTRY, cycles: 0 });
  }
  const lines = [...rows.values()]
    .map(({ hart, mode, vm = '', image, name, mechanism, cycles, times }) => {
      return [hart, mode, vm, image, field(name), mechanism, cycles, times].join(',');
    })
    .sort();
  return `${['hart,mode,vm,image,function,mechanism,cycles,times', ...lines].join('\n')}\n`;
}

function field(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
