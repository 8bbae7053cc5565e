import { VIRTIO_F_VERSION_1 } from '../../../shared/virtio.ts';
import { DEVICE_ENTROPY, deviceChoice } from '../../device-choice.ts';
import { virtioAt } from './device.ts';
import { ENTROPY_ID, ENTROPY_QUEUES, checkEntropy } from './entropy.ts';
import { ENTROPY_SLOT } from './slots.ts';
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
    create(ENTROPY_SLOT, ENTROPY_ID, ENTROPY_QUEUES, 0);
  }
}
