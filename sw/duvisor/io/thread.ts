import { DV_GET_VMID, DV_REGISTER_IO } from '../../dv-driver/abi.ts';
import { cstr, fn_addr, sym_addr } from '../../shared/rv.ts';
import { VirtioDevice, takeVirtioInterrupt, virtioAt } from '../../vmm/devices/virtio/device.ts';
import { serveApart } from '../../vmm/devices/virtio/serve-apart.ts';
import { BLOCK_SLOT, VIRTIO_FIRST_SOURCE } from '../../vmm/devices/virtio/slots.ts';
import { awaitBell } from '../../vmm/devices/virtio/thread-bell.ts';
import { STATUS_DRIVER, failWith } from '../../vmm/failure.ts';
import { allowedHarts, control, restrictTo } from '../../vmm/host.ts';
import { IO_STACK_BYTES } from '../../vmm/limits.ts';
import { vcpuCount } from '../../vmm/options.ts';
import { driver } from '../vm/driver.ts';
import { isPosting, postVector } from '../vm/posting.ts';

/** Begins a thread (sw/vmm/process.asm.ts). */
declare function start_thread(
  stackTop: usize,
  device: VirtioDevice,
  threadId: usize,
  entry: usize,
): i64;

/** The queue that a device with a thread has: requests that take their time. */
const REQUESTS: u32 = 0;

const threadId: usize = memory.data(8, 8);
const affinity: usize = memory.data(8, 8);

/** Gives each device whose requests take long a thread of its own; it ends with the process. */
export function startIoThreads(): void {
  const device = virtioAt(BLOCK_SLOT);
  if (device.id == 0) return;
  device.hasThread = 1;
  const stackTop = sym_addr('io_stacks') + <usize>IO_STACK_BYTES;
  const result = start_thread(stackTop, device, threadId, fn_addr(serveDevice));
  if (result < 0) failWith(STATUS_DRIVER, cstr('cannot create the thread of a device'), result);
}

/** The life of a device's thread: a buffer after the other, and asleep in between (duvisor 7.13). */
function serveDevice(device: VirtioDevice): void {
  pin();
  if (isPosting) {
    const result = control(driver, DV_REGISTER_IO, device.slot);
    if (result < 0) failWith(STATUS_DRIVER, cstr('the DV-driver refuses an I/O thread'), result);
  }
  while (true) {
    while (serveApart(device, REQUESTS)) {
      if (isPosting && takeVirtioInterrupt(device))
        postVector(device.listener, VIRTIO_FIRST_SOURCE + device.slot);
    }
    awaitBell(device);
  }
}

/** The hart behind those of the VM's vCPUs, one of its own where there are enough. */
function pin(): void {
  let harts = allowedHarts();
  const vm = <u64>control(driver, DV_GET_VMID, 0);
  const skipped = (vm + vcpuCount) % <u64>popcnt<u64>(harts);
  for (let count: u64 = 0; count < skipped; count++) harts &= harts - 1;
  store<u64>(affinity, harts & (0 - harts));
  const result = restrictTo(affinity);
  if (result < 0) failWith(STATUS_DRIVER, cstr('cannot pin an I/O thread to a hart'), result);
}
