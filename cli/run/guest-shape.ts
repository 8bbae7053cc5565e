import { DvlabError, imageError, readProgram } from '../../platforms/index.ts';
import type { NamedFile, Platform } from '../../platforms/index.ts';
import { mainMemory } from '../../platforms/boot/boot-rom.ts';
import { formatAddress, formatSize } from '../../platforms/source/quantity.ts';
import {
  GUEST_MEMORY_UNIT,
  GUEST_RAM_BASE,
  LEAST_GUEST_MEMORY,
  MAXIMUM_VCPUS,
  MOST_GUEST_MEMORY,
  RAW_KERNEL_BASE,
} from '../../sw/vmm/limits.ts';
import { defaultMemory, defaultVcpus, type RunOptions } from './run-options.ts';

/** What a virtual machine offers its guest. */
export interface GuestShape {
  readonly vcpus: number;
  /** Bytes. */
  readonly memory: number;
}

/** The virtual machine that the options describe. */
export function shapeOf({ vcpus = defaultVcpus, memory = defaultMemory }: RunOptions): GuestShape {
  return { vcpus, memory };
}

/** Refuses a virtual machine that the hypervisor would refuse, before anything boots. */
export function checkShape(platform: Platform, { vcpus, memory }: GuestShape): void {
  if (vcpus > MAXIMUM_VCPUS)
    throw badShape(`--vcpus ${String(vcpus)} is outside 1..${String(MAXIMUM_VCPUS)}`);
  const given = `--memory ${formatSize(memory)}`;
  if (memory % GUEST_MEMORY_UNIT !== 0)
    throw badShape(`${given} is not a multiple of ${formatSize(GUEST_MEMORY_UNIT)}`);
  if (memory < LEAST_GUEST_MEMORY)
    throw badShape(`${given} is less than ${formatSize(LEAST_GUEST_MEMORY)}`);
  if (memory > MOST_GUEST_MEMORY)
    throw badShape(`${given} is more than ${formatSize(MOST_GUEST_MEMORY)}`);
  const { size } = mainMemory(platform);
  if (memory >= size)
    throw badShape(`${given} does not fit in the RAM of ${platform.name}, ${formatSize(size)}`);
}

/** Refuses a kernel that does not lie in its virtual machine's memory. */
export function checkKernel(file: NamedFile, { memory }: GuestShape): void {
  const { name, segments } = readProgram(file, RAW_KERNEL_BASE);
  const end = GUEST_RAM_BASE + memory;
  const outside = segments.find(({ physicalAddress, memorySize }) => {
    return physicalAddress < GUEST_RAM_BASE || physicalAddress + memorySize > end;
  });
  if (outside === undefined) return;
  const { physicalAddress, memorySize } = outside;
  const segment = rangeText(physicalAddress, physicalAddress + memorySize);
  const message = `${name}: segment ${segment} is outside the guest's memory, ${rangeText(GUEST_RAM_BASE, end)}`;
  throw imageError('E-IMG-005', message, '--memory SIZE gives the guest more');
}

function rangeText(start: number, end: number): string {
  return `${formatAddress(start)}..${formatAddress(end - 1)}`;
}

function badShape(message: string): DvlabError {
  return new DvlabError([{ code: 'E-USE-006', message, help: 'dvlab run --help' }]);
}
