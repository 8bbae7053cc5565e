import type { ProfileEntry } from '../../platforms/index.ts';

/**
 * A profile as flame graph tools read it: a line per stack, its frames separated by semicolons, the outermost first, then the
 * cycles. In front of the functions are hart, mode, virtual machine and image, behind them the mechanism.
 */
export function foldedText(entries: readonly ProfileEntry[]): string {
  const lines = new Map<string, number>();
  for (const entry of entries) {
    const stack = framesOf(entry).map(frameText).join(';');
    lines.set(stack, (lines.get(stack) ?? 0) + entry.cycles);
  }
  return [...lines]
    .map(([stack, cycles]) => `${stack} ${String(cycles)}\n`)
    .sort()
    .join('');
}

function framesOf({ hart, mode, vm, stack, mechanism }: ProfileEntry): readonly string[] {
  return [
    `hart.${String(hart)}`,
    mode,
    ...(vm === undefined ? [] : [`vm.${String(vm)}`]),
    stack[0]?.image ?? '',
    ...stack.map(({ name }) => name),
    mechanism,
  ];
}

/** A frame must hold neither of the separators. */
function frameText(name: string): string {
  return name.replaceAll(/[;\s]/g, '_');
}
