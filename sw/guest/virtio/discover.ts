import { cstr, lwu } from '../../shared/rv.ts';
import { FDT_BEGIN_NODE, FDT_END, FDT_PROP } from '../../shared/fdt.ts';
import { FdtCursor, fdtCells, nextFdt, startFdt } from '../../shared/fdt-reader.ts';
import { startsWith, stringsEqual } from '../../shared/strings.ts';
import {
  VIRTIO_MAGIC,
  VIRTIO_MMIO_DEVICE_ID,
  VIRTIO_MMIO_MAGIC_VALUE,
  VIRTIO_MMIO_VERSION,
  VIRTIO_VERSION,
} from '../../shared/virtio.ts';

/** A virtio device that the device tree names. */
@unmanaged
export class VirtioPort {
  /** Address of its registers. */
  base: usize;
  /** Its source at the interrupt controller; 0 = it has none. */
  source: u32;
  /** Type of device (virtio 5); 0 = none answers. */
  id: u32;
  /** Interrupts that were served, by the bits of InterruptStatus that were set. */
  bufferInterrupts: u64;
  configInterrupts: u64;
}

const CAPACITY: u32 = 8;
const table: usize = memory.data(offsetof<VirtioPort>() * 8, 64);
const cursorWords: usize = memory.data(offsetof<FdtCursor>(), 8);
let count: u32 = 0;

function portAt(index: u32): VirtioPort {
  return changetype<VirtioPort>(table + <usize>index * offsetof<VirtioPort>());
}

/** Finds the virtio devices of the device tree at `blob` and asks each what it is. */
export function discoverVirtio(blob: usize): void {
  const cursor = changetype<FdtCursor>(cursorWords);
  startFdt(cursor, blob);
  let isVirtio: bool = false;
  for (let token: u32 = 0; (token = nextFdt(cursor)) != FDT_END;) {
    if (token == FDT_BEGIN_NODE) {
      isVirtio = startsWith(cursor.name, cstr('virtio@')) && count < CAPACITY;
      if (isVirtio) count++;
    } else if (token == FDT_PROP && isVirtio) {
      const port = portAt(count - 1);
      if (stringsEqual(cursor.name, cstr('reg'))) port.base = <usize>fdtCells(cursor.value, 2);
      else if (stringsEqual(cursor.name, cstr('interrupts')))
        port.source = <u32>fdtCells(cursor.value, 1);
    }
  }
  for (let index: u32 = 0; index < count; index++) identify(portAt(index));
}

/** Nothing else of a device may be looked at before these three (virtio 4.2.3.1.1). */
function identify(port: VirtioPort): void {
  if (lwu(port.base, VIRTIO_MMIO_MAGIC_VALUE) != VIRTIO_MAGIC) return;
  if (lwu(port.base, VIRTIO_MMIO_VERSION) != VIRTIO_VERSION) return;
  port.id = lwu(port.base, VIRTIO_MMIO_DEVICE_ID);
}

/** The first device of a type, or null. */
export function portOfType(id: u32): VirtioPort | null {
  for (let index: u32 = 0; index < count; index++) {
    if (portAt(index).id == id) return portAt(index);
  }
  return null;
}

/** The device behind a source of the interrupt controller, or null. */
export function portOfSource(source: u32): VirtioPort | null {
  for (let index: u32 = 0; index < count; index++) {
    if (portAt(index).source == source) return portAt(index);
  }
  return null;
}
