import { FDT_BEGIN_NODE, FDT_END, FDT_PROP } from '../shared/fdt.ts';
import { FdtCursor, fdtCells, nextFdt, startFdt } from '../shared/fdt-reader.ts';
import { cstr } from '../shared/rv.ts';
import { startsWith, stringsEqual } from '../shared/strings.ts';
import { Nic, addNic } from './network/nic.ts';

/** First byte of RAM. */
export let ramStart: usize = 0;
/** End of RAM. */
export let ramEnd: usize = 0;
/** The RAM file system, a cpio archive. */
export let initrdStart: usize = 0;
export let initrdEnd: usize = 0;
/** Harts of the machine, one bit each. */
export let hartMask: u64 = 0;
/** `time` counts per second. */
export let ticksPerSecond: u64 = 1_000_000;

/** Physical address of the interrupt controller; 0 = there is none. */
export let plicAddress: usize = 0;
/** Physical address of the posted-interrupt unit; 0 = there is none. */
export let postedAddress: usize = 0;
/** Highest VM id that the unit serves, and most vCPUs of a VM. */
export let postedVms: u64 = 0;
export let postedVcpus: u64 = 0;
/** The unit's source at the interrupt controller; 0 = it is not wired. */
export let postedSource: u32 = 0;
/** Whether guests may post themselves. */
export let doGuestsPost: bool = false;
/** Physical address of the console's UART, and its source at the interrupt controller; 0 = there is none. */
export let consoleAddress: usize = 0;
export let consoleSource: u32 = 0;
/** Physical address of the generator of random numbers; 0 = there is none. */
export let entropyAddress: usize = 0;
/** Physical address of the disk, and its source at the interrupt controller; 0 = there is none. */
export let diskAddress: usize = 0;
export let diskSource: u32 = 0;

const cursorMemory = memory.data(offsetof<FdtCursor>(), 8);

function readPostedProperty(cursor: FdtCursor): void {
  if (stringsEqual(cursor.name, cstr('reg'))) postedAddress = fdtCells(cursor.value, 2);
  else if (stringsEqual(cursor.name, cstr('dvlab,vms'))) postedVms = fdtCells(cursor.value, 1);
  else if (stringsEqual(cursor.name, cstr('dvlab,vcpus'))) postedVcpus = fdtCells(cursor.value, 1);
  else if (stringsEqual(cursor.name, cstr('interrupts')))
    postedSource = <u32>fdtCells(cursor.value, 1);
}

function readDiskProperty(cursor: FdtCursor): void {
  if (stringsEqual(cursor.name, cstr('reg'))) diskAddress = fdtCells(cursor.value, 2);
  else if (stringsEqual(cursor.name, cstr('interrupts')))
    diskSource = <u32>fdtCells(cursor.value, 1);
}

function readConsoleProperty(cursor: FdtCursor): void {
  if (stringsEqual(cursor.name, cstr('reg'))) consoleAddress = fdtCells(cursor.value, 2);
  else if (stringsEqual(cursor.name, cstr('interrupts')))
    consoleSource = <u32>fdtCells(cursor.value, 1);
}

/** The network interface whose node is being read, or null. */
let nic: Nic | null = null;

function readNicProperty(nic: Nic, cursor: FdtCursor): void {
  if (stringsEqual(cursor.name, cstr('reg'))) nic.physical = fdtCells(cursor.value, 2);
  else if (stringsEqual(cursor.name, cstr('interrupts')) && cursor.length >= 8) {
    nic.sendSource = <u32>fdtCells(cursor.value, 1);
    nic.receiveSource = <u32>fdtCells(cursor.value + 4, 1);
  }
}

function beginNode(name: usize): void {
  nic = startsWith(name, cstr('ethernet@')) ? addNic() : null;
}

function readProperty(node: usize, cursor: FdtCursor): void {
  const cells = cursor.length >> 2;
  const present = nic;
  if (startsWith(node, cstr('posted-interrupts@'))) readPostedProperty(cursor);
  else if (startsWith(node, cstr('blkdev-controller@'))) readDiskProperty(cursor);
  else if (startsWith(node, cstr('serial@'))) readConsoleProperty(cursor);
  else if (present !== null) readNicProperty(present, cursor);
  else if (stringsEqual(cursor.name, cstr('reg'))) {
    if (startsWith(node, cstr('cpu@'))) hartMask |= 1 << fdtCells(cursor.value, 1);
    else if (startsWith(node, cstr('memory@')) && ramEnd == 0) {
      ramStart = fdtCells(cursor.value, 2);
      ramEnd = ramStart + fdtCells(cursor.value + 8, 2);
    } else if (startsWith(node, cstr('plic@'))) plicAddress = fdtCells(cursor.value, 2);
    else if (startsWith(node, cstr('rng@'))) entropyAddress = fdtCells(cursor.value, 2);
  } else if (stringsEqual(cursor.name, cstr('timebase-frequency'))) {
    ticksPerSecond = fdtCells(cursor.value, cells);
  } else if (stringsEqual(cursor.name, cstr('linux,initrd-start'))) {
    initrdStart = fdtCells(cursor.value, cells);
  } else if (stringsEqual(cursor.name, cstr('linux,initrd-end'))) {
    initrdEnd = fdtCells(cursor.value, cells);
  }
}

/** Learns the machine's facts from the device tree in one pass. `devicetree 3` */
export function readMachine(blob: usize): void {
  const cursor = changetype<FdtCursor>(cursorMemory);
  startFdt(cursor, blob);
  let node: usize = 0;
  while (true) {
    const token = nextFdt(cursor);
    if (token == FDT_END) return;
    if (token == FDT_BEGIN_NODE) {
      node = cursor.name;
      beginNode(node);
    } else if (token == FDT_PROP) {
      if (cursor.length != 0) readProperty(node, cursor);
      else if (stringsEqual(cursor.name, cstr('dvlab,guests-post'))) doGuestsPost = true;
    }
  }
}
