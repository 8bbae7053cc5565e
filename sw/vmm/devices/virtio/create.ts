import { VIRTIO_F_VERSION_1, VIRTIO_ID_ENTROPY } from '../../../shared/virtio.ts';
import { VIRTIO_ID_BLOCK } from '../../../shared/virtio-block.ts';
import { VIRTIO_ID_CONSOLE } from '../../../shared/virtio-console.ts';
import { VIRTIO_ID_NET } from '../../../shared/virtio-net.ts';
import {
  DEVICE_BLOCK,
  DEVICE_CONSOLE,
  DEVICE_ENTROPY,
  DEVICE_NET,
  deviceChoice,
} from '../../device-choice.ts';
import { BLOCK_QUEUES, openBlock } from './block.ts';
import { CONSOLE_FEATURES, CONSOLE_QUEUES } from './console.ts';
import { virtioAt } from './device.ts';
import { ENTROPY_QUEUES, checkEntropy } from './entropy.ts';
import { NET_FEATURES, NET_QUEUES, openNet } from './net.ts';
import { BLOCK_SLOT, CONSOLE_SLOT, ENTROPY_SLOT, NET_SLOT } from './slots.ts';
import { resetDevice } from './transport.ts';

function create(slot: u32, id: u32, queueCount: u32, features: u64): void {
  const device = virtioAt(slot);
  device.id = id;
  device.slot = slot;
  device.queueCount = queueCount;
  device.offered = features | VIRTIO_F_VERSION_1;
  resetDevice(device);
}

/** Makes the devices that the command line asks for. */
export function createVirtioDevices(): void {
  if ((deviceChoice & DEVICE_ENTROPY) != 0) {
    checkEntropy();
    create(ENTROPY_SLOT, VIRTIO_ID_ENTROPY, ENTROPY_QUEUES, 0);
  }
  if ((deviceChoice & DEVICE_CONSOLE) != 0)
    create(CONSOLE_SLOT, VIRTIO_ID_CONSOLE, CONSOLE_QUEUES, CONSOLE_FEATURES);
  if ((deviceChoice & DEVICE_BLOCK) != 0) {
    openBlock();
    create(BLOCK_SLOT, VIRTIO_ID_BLOCK, BLOCK_QUEUES, 0);
  }
  if ((deviceChoice & DEVICE_NET) != 0) {
    openNet();
    create(NET_SLOT, VIRTIO_ID_NET, NET_QUEUES, NET_FEATURES);
  }
}
