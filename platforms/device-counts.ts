import type { Counter, Statistics } from '../hw/kernel/index.ts';
import type { Bus } from '../hw/memory/index.ts';

/** A component; what has a size can be accessed. */
interface Reachable {
  readonly name: string;
  readonly definition: { readonly size?: number | undefined };
}

interface DeviceCounts {
  readonly read: Counter;
  readonly write: Counter;
  readonly refused: Counter;
}

/** Counts the accesses that devices get on the bus: each is read, written or refused. */
export function countDeviceAccesses(
  bus: Bus,
  components: readonly Reachable[],
  statistics: Statistics,
): void {
  const reachable = components.filter(({ definition }) => definition.size !== undefined);
  const counts = new Map(reachable.map(({ name }) => [name, countsOf(statistics, name)]));
  bus.listenToDevices((device, access, isTaken) => {
    counts.get(device)?.[isTaken ? access : 'refused'].add();
  });
}

function countsOf(statistics: Statistics, name: string): DeviceCounts {
  const group = statistics.group('device').group(name);
  const counter = (figure: string, description: string): Counter => {
    return group.counter(figure, { unit: 'events', description });
  };
  return {
    read: counter('reads', 'reads of registers'),
    write: counter('writes', 'writes of registers'),
    refused: counter('refusals', 'accesses that were refused'),
  };
}
