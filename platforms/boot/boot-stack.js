import { elaborate } from '../elaborate.js';
import { writeCpio } from '../images/cpio.js';
import { readElf } from '../images/elf.js';
import { CodeNames } from '../run/code-names.js';
import { readProgram } from './boot-bare.js';
import { bootRom, mainMemory, placeDeviceTree } from './boot-rom.js';
import { machineTree } from './machine-tree.js';
import { TopOfMemory } from './placement.js';
import { markProbes } from './probes.js';
/** Makes a machine that boots firmware and host kernel, whose first processes are hypervisors, one per guest. */
export function bootStack(platform, stack) {
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
function guestSymbols({ guests }) {
  const [first] = guests;
  if (first === undefined) throw new Error('a stack without a guest');
  return readProgram(first.kernel, 0).symbols;
}
const hypervisorPath = 'bin/duvisor';
function fileSystemOf({ hypervisor, guests }) {
  const kernels = guests.map(({ kernel }, index) => ({
    path: `guest/${String(index)}`,
    contents: kernel.bytes,
  }));
  const lines = guests.map(({ vcpus, memory }, index) => {
    const shape = `--vcpus ${String(vcpus)} --memory ${String(memory)}`;
    return `/${hypervisorPath} --kernel /guest/${String(index)} ${shape}\n`;
  });
  return [
    { path: 'etc/init', contents: new TextEncoder().encode(lines.join('')) },
    { path: hypervisorPath, contents: hypervisor.bytes, isExecutable: true },
    ...kernels,
  ];
}
function placeFileSystem(machine, files, top) {
  const bytes = writeCpio(files);
  const start = top.take('the RAM file system', bytes.length);
  const memorySize = bytes.length;
  machine.load('the RAM file system', [
    { physicalAddress: start, virtualAddress: BigInt(start), bytes, memorySize },
  ]);
  return { start, end: start + memorySize };
}
//# sourceMappingURL=boot-stack.js.map
