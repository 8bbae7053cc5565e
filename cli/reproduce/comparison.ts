import type { GuestMeasurement, GuestRun } from './measure-guest.ts';

/** A machine with its software that takes part in a comparison. */
interface Side {
  readonly name: string;
  /** The stack of `dvlab run`. */
  readonly stack: string;
  /** What it changes of the platform. */
  readonly set: readonly string[];
}

/** One bar of a figure: an operation of the guest with so many vCPUs, and what was published. */
export interface ComparedOperation {
  readonly name: string;
  readonly title: string;
  readonly vcpus: number;
  /** Published: the cycles of the first side for one unit, where a unit is known. */
  readonly paperCycles?: number;
  /** Published: how much longer the second side takes, in percent. */
  readonly paperPercent?: number;
}

/** A figure that compares two sides by the time that a guest's operations take. */
export interface ComparisonFigure {
  readonly name: string;
  readonly title: string;
  readonly sides: readonly [Side, Side];
  readonly guest: string;
  readonly platform: string;
  /** The guest's virtio devices, if it has any. */
  readonly devices?: string;
  /** The size of the guest's work, which is its command line. */
  readonly size: number;
  readonly quickSize: number;
  readonly sizeUnit: string;
  /** Bytes of the guest's memory for a size. */
  memory(size: number): number;
  /** What numbers are of: of the whole operation, or of so many equal parts of it. */
  readonly unit: string;
  unitCount(size: number): number;
  readonly operations: readonly ComparedOperation[];
}

/** What is measured of a figure, and on which machine. */
export interface ComparisonOptions {
  readonly platform: string;
  readonly set: readonly string[];
  readonly size: number;
}

/** A bar with the numbers of both sides, in cycles of one unit. */
export interface ComparisonRow {
  readonly operation: ComparedOperation;
  readonly first: number;
  readonly second: number;
  /** How much longer the second takes, in percent. */
  readonly percent: number;
}

/** The runs of a figure: for each number of vCPUs the first side, then the second. */
export function comparisonRuns(
  figure: ComparisonFigure,
  { platform, set, size }: ComparisonOptions,
): readonly GuestRun[] {
  return vcpuCounts(figure).flatMap((vcpus) =>
    figure.sides.map((side) => ({
      ...{ platform, stack: side.stack, set: [...set, ...side.set] },
      ...{ guest: figure.guest, append: String(size), vcpus, memory: figure.memory(size) },
      operations: figure.operations.filter((each) => each.vcpus === vcpus).map(({ name }) => name),
      ...(figure.devices !== undefined && { devices: figure.devices }),
      roundTrips: [],
    })),
  );
}

/** The bars of a figure from the measurements of its runs. */
export function comparisonRows(
  figure: ComparisonFigure,
  size: number,
  measurements: readonly GuestMeasurement[],
): readonly ComparisonRow[] {
  const counts = vcpuCounts(figure);
  const units = figure.unitCount(size);
  return figure.operations.flatMap((operation) => {
    const index = 2 * counts.indexOf(operation.vcpus);
    const [first, second] = [index, index + 1].map((each) => {
      const measured = measurements[each]?.operations.get(operation.name);
      return measured === undefined ? undefined : measured.guestVisible / units;
    });
    if (first === undefined || second === undefined) return [];
    return [{ operation, first, second, percent: (100 * (second - first)) / first }];
  });
}

function vcpuCounts({ operations }: ComparisonFigure): readonly number[] {
  return [...new Set(operations.map(({ vcpus }) => vcpus))];
}
