import { elaborate } from '../elaborate.ts';
import type { DeviceTreeNode } from '../images/device-tree.ts';
import { isElf, readElf, type ElfImage } from '../images/elf.ts';
import { imageError } from '../images/image-error.ts';
import { LineTable } from '../images/line-table.ts';
import { SymbolTable } from '../images/symbol-table.ts';
import type { Machine } from '../machine.ts';
import type { Platform } from '../platform.ts';
import { CodeNames } from '../run/code-names.ts';
import { checkInstructions } from './program-check.ts';
import { bootRom, mainMemory, placeDeviceTree } from './boot-rom.ts';
import { machineTree } from './machine-tree.ts';
import { TopOfMemory } from './placement.ts';

/** A file as the user named it. */
export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A machine that is ready to run, and what its programs' symbols say. */
export interface Booted {
  readonly machine: Machine;
  readonly symbols: SymbolTable;
  readonly names: CodeNames;
  /** What software is told of the machine. */
  readonly deviceTree: DeviceTreeNode;
}

const firstArgument = 10;

/**
 * Makes a machine that starts one program in M mode on every hart. Without arguments the boot ROM starts it with
 * a0 = hart id and a1 = device tree; with arguments harts begin at the entry, a0, a1 … holding them.
 */
export function bootBare(
  platform: Platform,
  file: NamedFile,
  entryArguments: readonly bigint[] = [],
): Booted {
  const machine = elaborate(platform);
  const image = readProgram(file, mainMemory(platform).at);
  checkInstructions(platform, image);
  machine.load(file.name, image.segments);
  machine.attach(image.symbols);
  const top = new TopOfMemory({ base: mainMemory(platform).at, size: mainMemory(platform).size });
  const deviceTree = machineTree(platform, { bootArguments: platform.bootArguments });
  const address = placeDeviceTree(machine, deviceTree, top);
  bootRom(machine, { entry: image.entry, deviceTree: address });
  if (entryArguments.length > 0) {
    machine.reset(image.entry);
    for (const { state } of machine.harts) {
      entryArguments.forEach((value, index) => {
        state.x[firstArgument + index] = value;
      });
    }
  }
  const names = new CodeNames().add(['M', 'HS', 'U', 'HU', 'VS', 'VU'], image);
  return { machine, symbols: image.symbols, names, deviceTree };
}

/** Reads an ELF file, or takes anything else as a raw binary for the start of memory. */
export function readProgram({ name, bytes }: NamedFile, start: number): ElfImage {
  if (bytes.length === 0) throw imageError('E-IMG-009', `${name} is empty`);
  if (isElf(bytes)) return readElf(name, bytes);
  const segment = {
    physicalAddress: start,
    virtualAddress: BigInt(start),
    bytes,
    memorySize: bytes.length,
  };
  return {
    name,
    entry: BigInt(start),
    isCompressed: false,
    segments: [segment],
    symbols: new SymbolTable([]),
    lines: new LineTable(() => undefined),
  };
}
