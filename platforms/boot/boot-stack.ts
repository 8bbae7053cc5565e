import { elaborate } from '../elaborate.ts';
import { writeCpio, type ArchiveFile } from '../images/cpio.ts';
import { readElf } from '../images/elf.ts';
import type { DeviceTreeNode } from '../images/device-tree.ts';
import type { SymbolTable } from '../images/symbol-table.ts';
import type { Machine } from '../machine.ts';
import type { Platform } from '../platform.ts';
import { CodeNames } from '../run/code-names.ts';
import { readProgram, type Booted, type NamedFile } from './boot-bare.ts';
import { bootRom, mainMemory, placeDeviceTree } from './boot-rom.ts';
import { machineTree } from './machine-tree.ts';
import { TopOfMemory } from './placement.ts';
import { markProbes } from './probes.ts';

/** The programs of a software stack, and the guests that it runs. */
export interface Stack {
  readonly firmware: NamedFile;
  readonly host: NamedFile;
  readonly hypervisor: NamedFile;
  readonly guests: readonly Guest[];
}

/** One virtual machine. */
export interface Guest {
  readonly kernel: NamedFile;
  readonly vcpus: number;
  /** Bytes. */
  readonly memory: number;
  /** More words of the hypervisor's command line, such as `--append TEXT`. */
  readonly options?: readonly string[];
}

/** A machine with a software stack, and the device tree it was given. */
export interface BootedStack extends Booted {
  readonly deviceTree: DeviceTreeNode;
}

/** Makes a machine that boots firmware and host kernel, whose first processes are hypervisors, one per guest. */
export function bootStack(platform: Platform, stack: Stack): BootedStack {
  const machine = elaborate(platform);
  const ram = mainMemory(platform);
  const firmware = readElf(stack.firmware.name, stack.firmware.bytes);
  const host = readElf(stack.host.name, stack.host.bytes);
  const hypervisor = readElf(stack.hypervisor.name, stack.hypervisor.bytes);
  machine.load(firmware.name, firmware.segments);
  machine.load(host.name, host.segments);
  const top = new TopOfMemory({ base: ram.at, size: ram.size });
  const initrd = placeFileSystem(machine, fileSystemOf(stack), top);
  const tree = machineTree(platform, { bootArguments: platform.bootArguments, initrd });
  const deviceTree = placeDeviceTree(machine, tree, top);
  bootRom(machine, { entry: firmware.entry, deviceTree });
  markProbes(machine, hypervisor.symbols);
  const names = new CodeNames()
    .add(['M'], firmware.symbols)
    .add(['HS'], host.symbols)
    .add(['U', 'HU'], hypervisor.symbols)
    .add(['VS', 'VU'], guestSymbols(stack));
  return { machine, symbols: firmware.symbols, names, deviceTree: tree };
}

function guestSymbols({ guests }: Stack): SymbolTable {
  const [first] = guests;
  if (first === undefined) throw new Error('a stack without a guest');
  return readProgram(first.kernel, 0).symbols;
}

const hypervisorPath = 'bin/duvisor';

function fileSystemOf({ hypervisor, guests }: Stack): ArchiveFile[] {
  const kernels = guests.map(({ kernel }, index) => ({
    path: `guest/${String(index)}`,
    contents: kernel.bytes,
  }));
  const lines = guests.map(({ vcpus, memory, options = [] }, index) => {
    const shape = ['--vcpus', String(vcpus), '--memory', String(memory), ...options].join(' ');
    return `/${hypervisorPath} --kernel /guest/${String(index)} ${shape}\n`;
  });
  return [
    { path: 'etc/init', contents: new TextEncoder().encode(lines.join('')) },
    { path: hypervisorPath, contents: hypervisor.bytes, isExecutable: true },
    ...kernels,
  ];
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
