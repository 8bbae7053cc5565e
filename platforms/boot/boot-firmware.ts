import { elaborate } from '../elaborate.ts';
import { writeCpio, type ArchiveFile } from '../images/cpio.ts';
import { readElf } from '../images/elf.ts';
import type { Machine } from '../machine.ts';
import type { Platform } from '../platform.ts';
import { CodeNames } from '../run/code-names.ts';
import { readProgram, type Booted, type NamedFile } from './boot-bare.ts';
import { bootRom, mainMemory, placeDeviceTree } from './boot-rom.ts';
import { machineTree } from './machine-tree.ts';
import { TopOfMemory } from './placement.ts';
import { checkFloor, checkInstructions } from './program-check.ts';

/** Firmware, and the kernel that it starts in supervisor mode. */
export interface SupervisorSoftware {
  readonly firmware: NamedFile;
  /** An ELF file, or a raw image for the place where firmware starts a kernel. */
  readonly kernel: NamedFile;
  /** The RAM file system; none if absent. */
  readonly files?: readonly ArchiveFile[];
}

/** Room for the firmware at the start of RAM; the kernel begins behind it. */
const firmwareBytes = 0x20_0000;

/** Makes a machine whose harts begin in M-mode firmware, which starts a kernel in supervisor mode. */
export function bootFirmware(platform: Platform, software: SupervisorSoftware): Booted {
  const machine = elaborate(platform);
  const ram = mainMemory(platform);
  const firmware = readElf(software.firmware.name, software.firmware.bytes);
  const kernel = readProgram(software.kernel, ram.at + firmwareBytes);
  checkInstructions(platform, kernel);
  checkFloor(kernel, ram.at + firmwareBytes);
  machine.load(firmware.name, firmware.segments);
  machine.load(kernel.name, kernel.segments);
  const top = new TopOfMemory({ base: ram.at, size: ram.size });
  const { bootArguments } = platform;
  const initrd = software.files && placeFileSystem(machine, software.files, top);
  const deviceTree = machineTree(platform, { bootArguments, initrd });
  const address = placeDeviceTree(machine, deviceTree, top);
  bootRom(machine, { entry: firmware.entry, deviceTree: address });
  const names = new CodeNames().add(['M'], firmware).add(['HS', 'U'], kernel);
  return { machine, symbols: kernel.symbols, names, deviceTree };
}

function placeFileSystem(machine: Machine, files: readonly ArchiveFile[], top: TopOfMemory) {
  const bytes = writeCpio(files);
  const start = top.take('the RAM file system', bytes.length);
  const memorySize = bytes.length;
  machine.load('the RAM file system', [
    { physicalAddress: start, virtualAddress: BigInt(start), bytes, memorySize },
  ]);
  return { start, end: start + memorySize };
}
