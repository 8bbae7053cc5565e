import { writeDeviceTree, type DeviceTreeNode } from '../images/device-tree.ts';
import type { Machine } from '../machine.ts';
import type { Platform } from '../platform.ts';
import type { TopOfMemory } from './placement.ts';
import { resetVector, type BootTarget } from './reset-vector.ts';

/** The memory that programs are loaded to: the first RAM of the platform. */
export function mainMemory(platform: Platform): { readonly at: number; readonly size: number } {
  const ram = Object.values(platform.memory).find(({ kind }) => kind === 'ram');
  if (ram === undefined)
    throw new Error(`${platform.name}: a platform without RAM passed its check`);
  return ram;
}

/** Writes the reset vector to the platform's first ROM and lets every hart begin there. */
export function bootRom(machine: Machine, target: BootTarget): void {
  const rom = machine.memories.find(({ definition }) => definition.kind === 'rom');
  if (rom === undefined)
    throw new Error(`${machine.platform.name}: a platform without ROM passed its check`);
  rom.load(rom.window.base, resetVector(target));
  machine.reset(BigInt(rom.window.base));
}

/** Writes the device tree near the end of RAM and gives its address. */
export function placeDeviceTree(machine: Machine, tree: DeviceTreeNode, top: TopOfMemory): number {
  const bytes = writeDeviceTree(tree);
  const address = top.take('the device tree', bytes.length);
  const segment = {
    physicalAddress: address,
    virtualAddress: BigInt(address),
    bytes,
    memorySize: bytes.length,
  };
  machine.load('the device tree', [segment]);
  return address;
}
