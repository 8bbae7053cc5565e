/** Where the devices are: each type has a slot of its own, present or not, so that a guest finds it at the same place in every VM. */

/** Guest-physical address of the first slot. */
export const VIRTIO_BASE: u64 = 0x1000_1000;
/** Bytes of a slot; a register window of 4 KiB each. */
export const VIRTIO_SLOT_BYTES: u64 = 0x1000;
/** Slots. */
export const VIRTIO_SLOTS: u32 = 4;
/** Source of slot 0 at the interrupt controller; those of the others follow. */
export const VIRTIO_FIRST_SOURCE: u32 = 1;

/** The slot of each type of device. */
export const ENTROPY_SLOT: u32 = 0;
export const CONSOLE_SLOT: u32 = 1;
export const BLOCK_SLOT: u32 = 2;
export const NET_SLOT: u32 = 3;

/** Queues that a device can have. */
export const VIRTIO_QUEUES: u32 = 2;
/** Most descriptors of a queue, what QueueNumMax reads. */
export const QUEUE_SIZE: u32 = 64;
