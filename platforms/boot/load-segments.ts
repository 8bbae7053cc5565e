import type { Bus } from '../../hw/memory/index.ts';
import type { Segment } from '../images/elf.ts';
import { imageError } from '../images/image-error.ts';
import { formatAddress } from '../source/quantity.ts';

/** Copies the segments of an image to memory, zeroing what the file does not give. */
export function loadSegments(bus: Bus, name: string, segments: readonly Segment[]): void {
  for (const { physicalAddress, bytes, memorySize } of segments) {
    const memory = bus.memoryAt(physicalAddress, memorySize);
    if (memory === undefined) {
      const place = `${formatAddress(physicalAddress)}..${formatAddress(physicalAddress + memorySize - 1)}`;
      const help = 'dvlab check PLATFORM --resolved shows the memory of a platform';
      throw imageError(
        'E-IMG-005',
        `${name}: segment ${place} is outside the platform's memory`,
        help,
      );
    }
    memory.load(physicalAddress, bytes);
    memory.load(physicalAddress + bytes.length, new Uint8Array(memorySize - bytes.length));
  }
}
