import { DvlabError, type Platform } from '../../platforms/index.ts';
import { mainMemory } from '../../platforms/boot/boot-rom.ts';
import { formatSize } from '../../platforms/source/quantity.ts';
import { defaultMemory, defaultVcpus, type RunOptions } from './run-options.ts';

/** What a virtual machine offers its guest. */
export interface GuestShape {
  readonly vcpus: number;
  /** Bytes. */
  readonly memory: number;
}

const pageBytes = 4096;
/** What DuVisor needs for a kernel at its 2 MiB offset and a device tree. */
const leastMemory = 4 * 2 ** 20;
/** The virtual CPUs that DuVisor has room for. */
const mostVcpus = 8;

/** The virtual machine that the options describe. */
export function shapeOf({ vcpus = defaultVcpus, memory = defaultMemory }: RunOptions): GuestShape {
  return { vcpus, memory };
}

/** Refuses a virtual machine that the hypervisor would refuse, before anything boots. */
export function checkShape(platform: Platform, { vcpus, memory }: GuestShape): void {
  if (vcpus > mostVcpus)
    throw badShape(`--vcpus ${String(vcpus)} is outside 1..${String(mostVcpus)}`);
  const given = `--memory ${formatSize(memory)}`;
  if (memory % pageBytes !== 0) throw badShape(`${given} is not a multiple of 4 KiB`);
  if (memory < leastMemory) throw badShape(`${given} is less than ${formatSize(leastMemory)}`);
  const { size } = mainMemory(platform);
  if (memory >= size)
    throw badShape(`${given} does not fit in the RAM of ${platform.name}, ${formatSize(size)}`);
}

function badShape(message: string): DvlabError {
  return new DvlabError([{ code: 'E-USE-006', message, help: 'dvlab run --help' }]);
}
