/**
 * Numbers of the Virtual I/O Device specification 1.2 (OASIS), which hypervisors answer with and guests ask with: transport, split queue and
 * device types. What only one type of device has is in its own file (virtio-block.ts and the others).
 */

/** Registers of a device by offset, 32 bits each. `virtio 4.2.2, table 4.1` */
export const VIRTIO_MMIO_MAGIC_VALUE: u32 = 0x000;
export const VIRTIO_MMIO_VERSION: u32 = 0x004;
export const VIRTIO_MMIO_DEVICE_ID: u32 = 0x008;
export const VIRTIO_MMIO_VENDOR_ID: u32 = 0x00c;
export const VIRTIO_MMIO_DEVICE_FEATURES: u32 = 0x010;
export const VIRTIO_MMIO_DEVICE_FEATURES_SEL: u32 = 0x014;
export const VIRTIO_MMIO_DRIVER_FEATURES: u32 = 0x020;
export const VIRTIO_MMIO_DRIVER_FEATURES_SEL: u32 = 0x024;
export const VIRTIO_MMIO_QUEUE_SEL: u32 = 0x030;
export const VIRTIO_MMIO_QUEUE_NUM_MAX: u32 = 0x034;
export const VIRTIO_MMIO_QUEUE_NUM: u32 = 0x038;
export const VIRTIO_MMIO_QUEUE_READY: u32 = 0x044;
export const VIRTIO_MMIO_QUEUE_NOTIFY: u32 = 0x050;
export const VIRTIO_MMIO_INTERRUPT_STATUS: u32 = 0x060;
export const VIRTIO_MMIO_INTERRUPT_ACK: u32 = 0x064;
export const VIRTIO_MMIO_STATUS: u32 = 0x070;
export const VIRTIO_MMIO_QUEUE_DESC_LOW: u32 = 0x080;
export const VIRTIO_MMIO_QUEUE_DESC_HIGH: u32 = 0x084;
export const VIRTIO_MMIO_QUEUE_DRIVER_LOW: u32 = 0x090;
export const VIRTIO_MMIO_QUEUE_DRIVER_HIGH: u32 = 0x094;
export const VIRTIO_MMIO_QUEUE_DEVICE_LOW: u32 = 0x0a0;
export const VIRTIO_MMIO_QUEUE_DEVICE_HIGH: u32 = 0x0a4;
export const VIRTIO_MMIO_SHM_LEN_LOW: u32 = 0x0b0;
export const VIRTIO_MMIO_SHM_LEN_HIGH: u32 = 0x0b4;
export const VIRTIO_MMIO_CONFIG_GENERATION: u32 = 0x0fc;
/** Where the configuration space of the device's type begins. `virtio 4.2.2` */
export const VIRTIO_MMIO_CONFIG: u32 = 0x100;

/** "virt", what MagicValue reads. `virtio 4.2.2` */
export const VIRTIO_MAGIC: u32 = 0x7472_6976;
/** What Version reads: not the legacy interface. `virtio 4.2.2` */
export const VIRTIO_VERSION: u32 = 2;

/** The guest has noticed the device. `virtio 2.1` */
export const VIRTIO_STATUS_ACKNOWLEDGE: u32 = 1;
/** The guest knows how to drive it. `virtio 2.1` */
export const VIRTIO_STATUS_DRIVER: u32 = 2;
/** The driver is ready. `virtio 2.1` */
export const VIRTIO_STATUS_DRIVER_OK: u32 = 4;
/** Both sides agree on the features. `virtio 2.1` */
export const VIRTIO_STATUS_FEATURES_OK: u32 = 8;
/** The device met something that it cannot recover from. `virtio 2.1` */
export const VIRTIO_STATUS_DEVICE_NEEDS_RESET: u32 = 64;
/** The guest has given up on the device. `virtio 2.1` */
export const VIRTIO_STATUS_FAILED: u32 = 128;

/** InterruptStatus: the device has used a buffer. `virtio 4.2.2` */
export const VIRTIO_INTERRUPT_USED_BUFFER: u32 = 1;
/** InterruptStatus: status or configuration have changed. `virtio 4.2.2` */
export const VIRTIO_INTERRUPT_CONFIG_CHANGE: u32 = 2;

/** The device follows this specification, not its predecessor; must be accepted. `virtio 6` */
export const VIRTIO_F_VERSION_1: u64 = 1 << 32;

/** A descriptor: address, length, flags, index of the next one. `virtio 2.7.5` */
export const VIRTQ_DESC_BYTES: usize = 16;
export const VIRTQ_DESC_ADDRESS: i32 = 0;
export const VIRTQ_DESC_LENGTH: i32 = 8;
export const VIRTQ_DESC_FLAGS: i32 = 12;
export const VIRTQ_DESC_NEXT: i32 = 14;
/** The buffer goes on in the descriptor `next`. `virtio 2.7.5` */
export const VIRTQ_DESC_F_NEXT: u32 = 1;
/** The device writes the buffer, else it reads it. `virtio 2.7.5` */
export const VIRTQ_DESC_F_WRITE: u32 = 2;
/** The buffer is a table of descriptors. `virtio 2.7.5` */
export const VIRTQ_DESC_F_INDIRECT: u32 = 4;

/** Driver area and device area begin with flags and index, 16 bits each; the ring follows. `virtio 2.7.6, 2.7.8` */
export const VIRTQ_RING_FLAGS: i32 = 0;
export const VIRTQ_RING_INDEX: i32 = 2;
export const VIRTQ_RING_ENTRIES: i32 = 4;
/** Bytes of an entry of the available ring: the head of a chain. `virtio 2.7.6` */
export const VIRTQ_AVAIL_ENTRY_BYTES: usize = 2;
/** An entry of the used ring: head of the chain and bytes written, 32 bits each. `virtio 2.7.8` */
export const VIRTQ_USED_ENTRY_BYTES: usize = 8;
export const VIRTQ_USED_ID: i32 = 0;
export const VIRTQ_USED_LENGTH: i32 = 4;
/** The driver wants no interrupts. `virtio 2.7.7` */
export const VIRTQ_AVAIL_F_NO_INTERRUPT: u32 = 1;
/** Bytes behind a ring that belong to its area: an event index, used or not. `virtio 2.7` */
export const VIRTQ_RING_TRAILER_BYTES: usize = 2;
/** Alignment of descriptor table, driver area and device area. `virtio 2.7` */
export const VIRTQ_DESC_ALIGNMENT: u64 = 16;
export const VIRTQ_AVAIL_ALIGNMENT: u64 = 2;
export const VIRTQ_USED_ALIGNMENT: u64 = 4;

/** Types of device. `virtio 5` */
export const VIRTIO_ID_ENTROPY: u32 = 4;
/** The entropy device's only queue. `virtio 5.4.2` */
export const VIRTIO_ENTROPY_REQUESTQ: u32 = 0;
