import { cstr } from '../shared/rv.ts';
import {
  FdtWriter,
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
import { STATUS_IMAGE, fail } from './failure.ts';
import { RAM_BASE, hostOfRam, ramSize } from './guest-ram.ts';
import { kernelEnd } from './kernel.ts';
import { bootArguments, vcpuCount } from './options.ts';
import { timebase } from './time.ts';

/** Room kept for the tree at the end of RAM, and its alignment (2 MiB kernels map it with one page). */
const CAPACITY: u64 = 0x4000;
const ALIGNMENT: u64 = 0x1000;
/** Input clock of the UART, the usual 1.8432 MHz; nothing is sent at any baud rate. */
const UART_CLOCK: u32 = 1_843_200;

const writerWords: usize = memory.data(offsetof<FdtWriter>(), 8);

/** Describes the VM to its guest in a device tree at the end of RAM, and gives its guest-physical address (devicetree 3). */
export function writeDeviceTree(): u64 {
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
  writeCpus(w);
  writeUart(w);
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

function writeCpus(w: FdtWriter): void {
  beginNode(w, cstr('cpus'));
  addCell(w, cstr('#address-cells'), 1);
  addCell(w, cstr('#size-cells'), 0);
  addCell(w, cstr('timebase-frequency'), <u32>timebase);
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

function writeUart(w: FdtWriter): void {
  beginNode(w, cstr('soc'));
  addCell(w, cstr('#address-cells'), 2);
  addCell(w, cstr('#size-cells'), 2);
  addString(w, cstr('compatible'), cstr('simple-bus'));
  addEmpty(w, cstr('ranges'));
  beginNodeAt(w, cstr('serial'), UART_BASE);
  addString(w, cstr('compatible'), cstr('ns16550a'));
  addRange(w, cstr('reg'), UART_BASE, UART_SIZE);
  addCell(w, cstr('clock-frequency'), UART_CLOCK);
  endNode(w);
  endNode(w);
}
