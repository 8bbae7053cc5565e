import { ram } from './ram.ts';
import { rom } from './rom.ts';

export { AddressMap, OverlapError, type AddressRange } from './address-map.ts';
export { Bus, type WriteListener } from './bus.ts';
export { Memory, type MemoryDefinition, type MemorySettings } from './memory.ts';
export { ram, rom };

/** The kinds of memory this folder offers to platforms. */
export const memoryKinds = [ram, rom] as const;
