import {
  VIRTIO_F_VERSION_1,
  VIRTIO_MAGIC,
  VIRTIO_MMIO_CONFIG,
  VIRTIO_MMIO_DEVICE_FEATURES,
  VIRTIO_MMIO_DEVICE_FEATURES_SEL,
  VIRTIO_MMIO_DEVICE_ID,
  VIRTIO_MMIO_DRIVER_FEATURES,
  VIRTIO_MMIO_DRIVER_FEATURES_SEL,
  VIRTIO_MMIO_INTERRUPT_ACK,
  VIRTIO_MMIO_INTERRUPT_STATUS,
  VIRTIO_MMIO_MAGIC_VALUE,
  VIRTIO_MMIO_QUEUE_NOTIFY,
  VIRTIO_MMIO_QUEUE_NUM_MAX,
  VIRTIO_MMIO_QUEUE_READY,
  VIRTIO_MMIO_QUEUE_SEL,
  VIRTIO_MMIO_SHM_LEN_HIGH,
  VIRTIO_MMIO_SHM_LEN_LOW,
  VIRTIO_MMIO_STATUS,
  VIRTIO_MMIO_VERSION,
  VIRTIO_STATUS_DEVICE_NEEDS_RESET,
  VIRTIO_STATUS_FEATURES_OK,
  VIRTIO_VERSION,
} from '../../../shared/virtio.ts';
import { VIRTIO_ID_CONSOLE } from '../../../shared/virtio-console.ts';
import { VirtioDevice, isLive, lockDevice, unlockDevice } from './device.ts';
import { queueOf, resetQueue } from './queue.ts';
import { writeQueueRegister } from './queue-registers.ts';
import { configurationOf, configure, isForInput, serveQueue } from './serve.ts';
import { wakeThread } from './thread-bell.ts';
import { QUEUE_SIZE } from './slots.ts';

/** Length of a shared memory region that does not exist (virtio 4.2.2). */
const NO_REGION: u64 = 0xffff_ffff;

/** Half of the features that a selector chose. */
function featuresWord(features: u64, select: u32): u64 {
  return select > 1 ? 0 : (features >> ((<u64>select) << 5)) & 0xffff_ffff;
}

/** Reads the register at an offset of a device's window (virtio 4.2.2). */
export function readRegister(device: VirtioDevice, offset: u32): u64 {
  if (offset >= VIRTIO_MMIO_CONFIG) return configurationOf(device, offset - VIRTIO_MMIO_CONFIG);
  switch (offset) {
    case VIRTIO_MMIO_MAGIC_VALUE:
      return VIRTIO_MAGIC;
    case VIRTIO_MMIO_VERSION:
      return VIRTIO_VERSION;
    case VIRTIO_MMIO_DEVICE_ID:
      return device.id;
    case VIRTIO_MMIO_DEVICE_FEATURES:
      return featuresWord(device.offered, device.offeredSelect);
    case VIRTIO_MMIO_QUEUE_NUM_MAX:
      return device.queueSelect < device.queueCount ? QUEUE_SIZE : 0;
    case VIRTIO_MMIO_QUEUE_READY:
      return device.queueSelect < device.queueCount
        ? queueOf(device, device.queueSelect).isReady
        : 0;
    case VIRTIO_MMIO_INTERRUPT_STATUS:
      return device.interruptStatus;
    case VIRTIO_MMIO_STATUS:
      return device.status;
    case VIRTIO_MMIO_SHM_LEN_LOW:
    case VIRTIO_MMIO_SHM_LEN_HIGH:
      return NO_REGION;
    default:
      return 0;
  }
}

/** Writes the register at an offset of a device's window (virtio 4.2.2). */
export function writeRegister(device: VirtioDevice, offset: u32, value: u32): void {
  if (offset >= VIRTIO_MMIO_CONFIG) {
    configure(device, offset - VIRTIO_MMIO_CONFIG, value);
    return;
  }
  switch (offset) {
    case VIRTIO_MMIO_DEVICE_FEATURES_SEL:
      device.offeredSelect = value;
      break;
    case VIRTIO_MMIO_DRIVER_FEATURES_SEL:
      device.acceptedSelect = value;
      break;
    case VIRTIO_MMIO_DRIVER_FEATURES:
      acceptFeatures(device, value);
      break;
    case VIRTIO_MMIO_QUEUE_SEL:
      device.queueSelect = value;
      break;
    case VIRTIO_MMIO_QUEUE_NOTIFY:
      notify(device, value);
      break;
    case VIRTIO_MMIO_INTERRUPT_ACK:
      device.interruptStatus &= ~value;
      break;
    case VIRTIO_MMIO_STATUS:
      setStatus(device, value);
      break;
    default:
      if (device.queueSelect < device.queueCount) writeQueueRegister(device, offset, value);
      break;
  }
}

/** Once agreed on, the features stay (virtio 2.2). */
function acceptFeatures(device: VirtioDevice, value: u32): void {
  const select = device.acceptedSelect;
  if (select > 1 || (device.status & VIRTIO_STATUS_FEATURES_OK) != 0) return;
  const shift = (<u64>select) << 5;
  const others = device.accepted & ~((<u64>0xffff_ffff) << shift);
  device.accepted = others | ((<u64>value) << shift);
}

/** Only what the device has, and not the legacy interface (virtio 2.2.2, 6.1). */
function areFeaturesGood(device: VirtioDevice): bool {
  const accepted = device.accepted;
  return (accepted & ~device.offered) == 0 && (accepted & VIRTIO_F_VERSION_1) != 0;
}

/** Bits are set by the driver one after the other and cleared by a reset alone; FEATURES_OK stays 0 when it is not true (virtio 2.1, 3.1.1). */
function setStatus(device: VirtioDevice, value: u32): void {
  if (value == 0) resetDevice(device);
  if (value == 0 || device.isResetting != 0) return;
  let added = value & ~VIRTIO_STATUS_DEVICE_NEEDS_RESET;
  if (!areFeaturesGood(device)) added &= ~VIRTIO_STATUS_FEATURES_OK;
  device.status |= added;
}

/** Nothing is left of what the driver did; where a buffer is being worked on, only when that has ended (virtio 2.1.2, 2.4). */
export function resetDevice(device: VirtioDevice): void {
  device.isResetting = device.isBusy;
  if (device.isResetting != 0) return;
  device.accepted = 0;
  device.offeredSelect = 0;
  device.acceptedSelect = 0;
  device.queueSelect = 0;
  device.status = 0;
  device.interruptStatus = 0;
  device.isInterruptNew = 0;
  for (let index: u32 = 0; index < device.queueCount; index++) resetQueue(queueOf(device, index));
}

/** Buffers are used between DRIVER_OK and the first broken rule only (virtio 2.1.2). */
function notify(device: VirtioDevice, index: u32): void {
  if (!isLive(device) || index >= device.queueCount) return;
  if (queueOf(device, index).isReady == 0) return;
  if (isForInput(device, index)) {
    if (device.id == VIRTIO_ID_CONSOLE) wakeThread(device);
    return;
  }
  if (device.hasThread != 0) wakeThread(device);
  else serveQueue(device, index);
}

/** Reads a device, whatever other vCPUs do with it. */
export function readVirtio(device: VirtioDevice, offset: u32): u64 {
  lockDevice(device);
  const value = readRegister(device, offset);
  unlockDevice(device);
  return value;
}

/** Writes a device for a vCPU, whatever others do with it. */
export function writeVirtio(device: VirtioDevice, offset: u32, value: u32, vcpu: u64): void {
  lockDevice(device);
  if (offset == VIRTIO_MMIO_QUEUE_NOTIFY) device.listener = vcpu;
  writeRegister(device, offset, value);
  unlockDevice(device);
}
