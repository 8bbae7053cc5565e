import { cstr } from '../shared/rv.ts';
import {
  FdtWriter,
  addBytes,
  addCell,
  addEmpty,
  addRange,
  addString,
  beginFdt,
  beginNode,
  beginNodeAt,
  endNode,
  finishFdt,
} from '../shared/fdt-writer.ts';
import { UART_BASE, UART_SIZE } from './devices/uart.ts';
import { virtioAt } from './devices/virtio/device.ts';
import {
  VIRTIO_BASE,
  VIRTIO_FIRST_SOURCE,
  VIRTIO_SLOTS,
  VIRTIO_SLOT_BYTES,
} from './devices/virtio/slots.ts';
import { STATUS_IMAGE, fail } from './failure.ts';
import { RAM_BASE, hostOfRam, ramSize } from './guest-ram.ts';
import { PLIC_BASE, PLIC_SIZE, PLIC_SOURCES, UART_SOURCE } from './interrupt-controller.ts';
import { kernelEnd } from './kernel.ts';
import { MAXIMUM_VCPUS } from './limits.ts';
import { bootArguments, vcpuCount } from './options.ts';
import { timebase } from './time.ts';

/** Room kept for the tree at the end of RAM, and its alignment (2 MiB kernels map it with one page). */
const CAPACITY: u64 = 0x4000;
const ALIGNMENT: u64 = 0x1000;
/** Input clock of the UART, the usual 1.8432 MHz; nothing is sent at any baud rate. */
const UART_CLOCK: u32 = 1_843_200;

/** The interrupt of a hart that the controller raises. */
const SUPERVISOR_EXTERNAL: u32 = 9;

const contexts: usize = memory.data(8 * MAXIMUM_VCPUS, 8);
const writerWords: usize = memory.data(offsetof<FdtWriter>(), 8);

/**
 * Describes the VM to its guest in a device tree at the end of RAM, and gives its guest-physical address (devicetree 3). `hasPlic`: there
 * is an interrupt controller; `doesPost`: the guest may post interrupts to its harts itself (hu_vitr).
 */
export function writeDeviceTree(hasPlic: bool, doesPost: bool): u64 {
  const address = (RAM_BASE + ramSize - CAPACITY) & ~(ALIGNMENT - 1);
  if (address < kernelEnd)
    fail(STATUS_IMAGE, cstr('no room for the device tree behind the kernel'));
  const w = changetype<FdtWriter>(writerWords);
  beginFdt(w, hostOfRam(address, CAPACITY), <usize>CAPACITY);
  beginNode(w, cstr(''));
  addCell(w, cstr('#address-cells'), 2);
  addCell(w, cstr('#size-cells'), 2);
  addString(w, cstr('compatible'), cstr('riscv-virtio'));
  addString(w, cstr('model'), cstr('dvlab,virtual-machine'));
  writeChosen(w);
  writeMemory(w);
  writeCpus(w, doesPost);
  writeSoc(w, hasPlic);
  endNode(w);
  if (finishFdt(w) == 0)
    fail(STATUS_IMAGE, cstr('the device tree does not fit: --append is too long'));
  return address;
}

function writeChosen(w: FdtWriter): void {
  beginNode(w, cstr('chosen'));
  if (bootArguments != 0) addString(w, cstr('bootargs'), bootArguments);
  addString(w, cstr('stdout-path'), cstr('/soc/serial@10000000'));
  endNode(w);
}

function writeMemory(w: FdtWriter): void {
  beginNodeAt(w, cstr('memory'), RAM_BASE);
  addString(w, cstr('device_type'), cstr('memory'));
  addRange(w, cstr('reg'), RAM_BASE, ramSize);
  endNode(w);
}

function writeCpus(w: FdtWriter, doesPost: bool): void {
  beginNode(w, cstr('cpus'));
  addCell(w, cstr('#address-cells'), 1);
  addCell(w, cstr('#size-cells'), 0);
  addCell(w, cstr('timebase-frequency'), <u32>timebase);
  if (doesPost) addEmpty(w, cstr('dvlab,posts-interrupts'));
  for (let index: u64 = 0; index < vcpuCount; index++) {
    beginNodeAt(w, cstr('cpu'), index);
    addString(w, cstr('device_type'), cstr('cpu'));
    addCell(w, cstr('reg'), <u32>index);
    addString(w, cstr('status'), cstr('okay'));
    addString(w, cstr('compatible'), cstr('riscv'));
    addString(w, cstr('riscv,isa'), cstr('rv64ima_zicntr_zicsr_zifencei'));
    addString(w, cstr('mmu-type'), cstr('riscv,sv39'));
    beginNode(w, cstr('interrupt-controller'));
    addCell(w, cstr('#interrupt-cells'), 1);
    addEmpty(w, cstr('interrupt-controller'));
    addString(w, cstr('compatible'), cstr('riscv,cpu-intc'));
    addCell(w, cstr('phandle'), <u32>index + 1);
    endNode(w);
    endNode(w);
  }
  endNode(w);
}

function writeSoc(w: FdtWriter, hasPlic: bool): void {
  beginNode(w, cstr('soc'));
  addCell(w, cstr('#address-cells'), 2);
  addCell(w, cstr('#size-cells'), 2);
  addString(w, cstr('compatible'), cstr('simple-bus'));
  addEmpty(w, cstr('ranges'));
  if (hasPlic) writePlic(w);
  beginNodeAt(w, cstr('serial'), UART_BASE);
  addString(w, cstr('compatible'), cstr('ns16550a'));
  addRange(w, cstr('reg'), UART_BASE, UART_SIZE);
  addCell(w, cstr('clock-frequency'), UART_CLOCK);
  if (hasPlic) addInterrupt(w, UART_SOURCE);
  endNode(w);
  for (let slot: u32 = 0; slot < VIRTIO_SLOTS; slot++) {
    if (virtioAt(slot).id != 0) writeVirtioDevice(w, slot, hasPlic);
  }
  endNode(w);
}

function addInterrupt(w: FdtWriter, source: u32): void {
  addCell(w, cstr('interrupt-parent'), plicHandle());
  addCell(w, cstr('interrupts'), source);
}

/** A device of the transport; what type it is, it says itself (virtio 4.2.1). */
function writeVirtioDevice(w: FdtWriter, slot: u32, hasPlic: bool): void {
  const address = VIRTIO_BASE + slot * VIRTIO_SLOT_BYTES;
  beginNodeAt(w, cstr('virtio'), address);
  addString(w, cstr('compatible'), cstr('virtio,mmio'));
  addRange(w, cstr('reg'), address, VIRTIO_SLOT_BYTES);
  if (hasPlic) addInterrupt(w, VIRTIO_FIRST_SOURCE + slot);
  endNode(w);
}

/** The phandle behind those of the harts. */
function plicHandle(): u32 {
  return <u32>vcpuCount + 1;
}

/** One context for each hart, its supervisor's. */
function writePlic(w: FdtWriter): void {
  beginNodeAt(w, cstr('plic'), PLIC_BASE);
  addString(w, cstr('compatible'), cstr('sifive,plic-1.0.0'));
  addRange(w, cstr('reg'), PLIC_BASE, PLIC_SIZE);
  addCell(w, cstr('#interrupt-cells'), 1);
  addCell(w, cstr('#address-cells'), 0);
  addEmpty(w, cstr('interrupt-controller'));
  addCell(w, cstr('riscv,ndev'), PLIC_SOURCES);
  for (let index: u64 = 0; index < vcpuCount; index++) {
    const pair = contexts + <usize>(index << 3);
    store<u32>(pair, bswap<u32>(<u32>index + 1));
    store<u32>(pair + 4, bswap<u32>(SUPERVISOR_EXTERNAL));
  }
  addBytes(w, cstr('interrupts-extended'), contexts, <usize>(vcpuCount << 3));
  addCell(w, cstr('phandle'), plicHandle());
  endNode(w);
}
