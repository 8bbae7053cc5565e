import { buildImages } from '../../cli/build/build-images.ts';
import type { Output } from '../../cli/output.ts';
import { assemble } from '../../hw/isa/index.ts';
import { bootRom, mainMemory, placeDeviceTree } from '../../platforms/boot/boot-rom.ts';
import { TopOfMemory } from '../../platforms/boot/placement.ts';
import {
  elaborate,
  loadPlatform,
  machineTree,
  readElf,
  run,
  writeCpio,
  type ArchiveFile,
  type Machine,
  type RunEnd,
} from '../../platforms/index.ts';
import { inProject } from '../harness/project-root.ts';

/** Where the firmware starts supervisor software. */
const supervisorBase = 0x8020_0000;
/** Where the tests' processes are linked. */
const processBase = 0x1_0000;
const cycleLimit = 20_000_000;

const silent: Output = {
  result: () => undefined,
  remark: () => undefined,
  isTerminal: false,
};

/** What a machine is made of besides its software. */
export interface MachineOptions {
  readonly platform?: string;
  readonly set?: readonly string[];
}

/** A finished run. */
export interface SoftwareRun {
  readonly machine: Machine;
  readonly end: RunEnd;
  readonly console: Uint8Array;
  readonly text: string;
  /** The doubleword `index` doublewords behind a label of the program. */
  readonly result: (label: string, index?: number) => bigint;
}

function newMachine({ platform = 'duvisor-2hart', set = [] }: MachineOptions): Machine {
  return elaborate(loadPlatform(inProject('platforms', `${platform}.yaml`), { set }));
}

function place(machine: Machine, at: number, bytes: Uint8Array): void {
  const virtualAddress = BigInt(at);
  machine.load('the test', [
    { physicalAddress: at, virtualAddress, bytes, memorySize: bytes.length },
  ]);
}

function start(machine: Machine, initrd: Uint8Array | undefined, entry: bigint): void {
  const ram = mainMemory(machine.platform);
  const top = new TopOfMemory({ base: ram.at, size: ram.size });
  let extent: { readonly start: number; readonly end: number } | undefined;
  if (initrd !== undefined) {
    const at = top.take('the RAM file system', initrd.length);
    place(machine, at, initrd);
    extent = { start: at, end: at + initrd.length };
  }
  const tree = machineTree(machine.platform, {
    bootArguments: '',
    ...(extent === undefined ? {} : { initrd: extent }),
  });
  const deviceTree = placeDeviceTree(machine, tree, top);
  bootRom(machine, { entry, deviceTree });
}

function finish(machine: Machine, labels: ReadonlyMap<string, bigint>): SoftwareRun {
  const bytes: number[] = [];
  machine.console$.subscribe(({ byte }) => bytes.push(byte));
  const steps = run(machine, { cycles: cycleLimit });
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  const console = Uint8Array.from(bytes);
  const result = (label: string, index = 0): bigint => {
    const at = labels.get(label);
    if (at === undefined) throw new Error(`no label '${label}'`);
    return machine.bus.read(Number(at) + 8 * index, 8) ?? 0n;
  };
  return { machine, end: step.value, console, text: new TextDecoder().decode(console), result };
}

/** Boots the firmware with a supervisor program in assembly. */
export async function runSupervisor(
  program: string,
  options: MachineOptions = {},
): Promise<SoftwareRun> {
  const [firmware] = await buildImages(['sw/firmware'], silent);
  if (firmware === undefined) throw new Error('no firmware was built');
  const machine = newMachine(options);
  const image = readElf(firmware.name, firmware.bytes);
  machine.load(firmware.name, image.segments);
  const { bytes, labels } = assemble(program, { base: supervisorBase });
  place(machine, supervisorBase, bytes);
  start(machine, undefined, image.entry);
  return finish(machine, labels);
}

/** Boots firmware and host kernel with a process list and files. */
export async function runHost(
  init: string,
  files: readonly ArchiveFile[],
  options: MachineOptions = {},
): Promise<SoftwareRun> {
  const built = await buildImages(['sw/firmware', 'sw/host'], silent);
  const machine = newMachine(options);
  const [firmware, host] = built.map(({ name, bytes }) => readElf(name, bytes));
  if (firmware === undefined || host === undefined) throw new Error('images are missing');
  machine.load(firmware.name, firmware.segments);
  machine.load(host.name, host.segments);
  const list = { path: 'etc/init', contents: new TextEncoder().encode(init) };
  start(machine, writeCpio([list, ...files]), firmware.entry);
  return finish(machine, new Map());
}

/** An executable for the host kernel: one segment at 64 KiB with all rights, a page of zeros behind the code. */
export function executable(path: string, program: string): ArchiveFile {
  const { bytes } = assemble(program, { base: processBase });
  const headerBytes = 64 + 56;
  const contents = new Uint8Array(headerBytes + bytes.length);
  const view = new DataView(contents.buffer);
  const riscv = 243;
  contents.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, 2, true);
  view.setUint16(18, riscv, true);
  view.setUint32(20, 1, true);
  view.setBigUint64(24, BigInt(processBase), true);
  view.setBigUint64(32, 64n, true);
  view.setUint16(52, 64, true);
  view.setUint16(54, 56, true);
  view.setUint16(56, 1, true);
  view.setUint32(64, 1, true);
  view.setUint32(68, 7, true);
  view.setBigUint64(72, BigInt(headerBytes), true);
  view.setBigUint64(80, BigInt(processBase), true);
  view.setBigUint64(88, BigInt(processBase), true);
  view.setBigUint64(96, BigInt(bytes.length), true);
  view.setBigUint64(104, BigInt(bytes.length + 4096), true);
  view.setBigUint64(112, 4096n, true);
  contents.set(bytes, headerBytes);
  return { path, contents, isExecutable: true };
}

/** Assembly of a system call: operands in a0 … (numbers, names of labels, or registers to copy), number in a7. */
export function call(number: number, ...operands: readonly (number | bigint | string)[]): string {
  const loads = operands.map((operand, index) => {
    if (typeof operand !== 'string') return `li a${String(index)}, ${String(operand)}`;
    const isRegister = /^(s\d+|t\d|sp|zero|a\d)$/.test(operand);
    return `${isRegister ? 'mv' : 'la'} a${String(index)}, ${operand}`;
  });
  return [...loads, `li a7, ${String(number)}`, 'ecall\n'].join('\n');
}
