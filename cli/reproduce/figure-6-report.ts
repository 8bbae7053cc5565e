import { groupDigits, textTable } from '../text-table.ts';
import type { StackMeasurement } from './measure-stacks.ts';
import { cyclesOf, type Leaf, type Measured } from './measurement.ts';
import type { FigureStack } from './figure-stacks.ts';
import { windowSteps } from './window.ts';
import { operations, published, publishedFor, type Operation, type Part } from './paper.ts';

/** Leaves that explain a number; the rest is summed up. */
const shownLeaves = 6;

/** A row of the comparison; `paper` is missing where nothing was published, `ours` where nothing was measured. */
export interface ComparedRow {
  readonly operation: Operation;
  readonly stack: FigureStack;
  readonly part: string;
  readonly paper: number | undefined;
  readonly ours: number | undefined;
}

/** Every total and part of the figure for the stacks that were measured. */
export function comparedRows(measurements: readonly StackMeasurement[]): readonly ComparedRow[] {
  return operations.flatMap(({ name: operation }) =>
    measurements.flatMap(({ stack, operations: measured }) => {
      const mean = measured.get(operation);
      const { total, parts } = published[operation];
      const paperTotal = publishedFor(stack, total);
      const whole = { operation, stack, part: 'total', paper: paperTotal, ours: mean?.windowed };
      const shown =
        paperTotal !== undefined
          ? parts.filter(({ paper }) => publishedFor(stack, paper) !== undefined)
          : parts.filter((part) => isShown(part, mean));
      const slices = shown.map(({ name, steps, paper }) => {
        const ours = mean === undefined ? undefined : cyclesOf(mean, steps);
        return { operation, stack, part: name, paper: publishedFor(stack, paper), ours };
      });
      return [whole, ...slices];
    }),
  );
}

/** Whether a part of a bar is shown of a stack of which nothing was published: something happens in it, and in a hypervisor. */
function isShown({ steps }: Part, mean: Measured | undefined): boolean {
  const hasHypervisor = mean?.steps.some(({ name }) => windowSteps.includes(name)) === true;
  return hasHypervisor && cyclesOf(mean, steps) > 0;
}

/** The figure as text: paper, ours, difference, and the leaves of the cycle tree that make ours. */
export function figureText(measurements: readonly StackMeasurement[]): string {
  const lines = operations.flatMap(({ name, title }) => {
    const own = comparedRows(measurements).filter(({ operation }) => operation === name);
    if (measurements.every(({ operations: measured }) => !measured.has(name)))
      return [`${title}: not measured`, ''];
    return [title, ...partsTable(own, measurements), '', ...trees(name, measurements), ''];
  });
  return lines.join('\n');
}

function partsTable(
  rows: readonly ComparedRow[],
  measurements: readonly StackMeasurement[],
): readonly string[] {
  const head = ['  stack', 'part', 'paper', 'ours', 'difference', 'guest-visible'];
  const body = rows.map(({ operation, stack, part, paper, ours }) => {
    const found = measurements.find((measurement) => measurement.stack === stack);
    const visible = part === 'total' ? found?.operations.get(operation)?.guestVisible : undefined;
    return [
      part === 'total' ? `  ${stack}` : '',
      part,
      paper === undefined ? '' : groupDigits(paper),
      ours === undefined ? '' : ours.toFixed(1),
      difference(paper, ours),
      visible === undefined ? '' : visible.toFixed(1),
    ];
  });
  return textTable([head, ...body], [2, 3, 4, 5]);
}

/** How far ours is from the paper's number, in percent of it. */
export function difference(paper: number | undefined, ours: number | undefined): string {
  if (ours === undefined || paper === undefined || paper === 0) return '';
  const percent = (100 * (ours - paper)) / paper;
  return `${percent < 0 ? '' : '+'}${percent.toFixed(0)} %`;
}

function trees(name: Operation, measurements: readonly StackMeasurement[]): readonly string[] {
  return measurements.flatMap(({ stack, operations: measured }) => {
    const mean = measured.get(name);
    return mean === undefined ? [] : [treeLine(stack, mean)];
  });
}

function treeLine(stack: string, { leaves }: Measured): string {
  const shown = leaves.slice(0, shownLeaves).map(leafText);
  const rest = leaves.slice(shownLeaves).reduce((sum, { cycles }) => sum + cycles, 0);
  const more = rest > 0 ? [`others ${rest.toFixed(1)}`] : [];
  return `  where ${stack}’s cycles went: ${[...shown, ...more].join(', ')}`;
}

function leafText({ mode, mechanism, cycles }: Leaf): string {
  return `${mode} ${mechanism} ${cycles.toFixed(1)}`;
}
