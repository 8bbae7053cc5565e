/** Numbers of the network device. `virtio 5.1` */

/** Type of device. `virtio 5` */
export const VIRTIO_ID_NET: u32 = 1;
/** Queues of its only pair: what the guest receives, and what it sends. `virtio 5.1.2` */
export const VIRTIO_NET_RECEIVEQ: u32 = 0;
export const VIRTIO_NET_TRANSMITQ: u32 = 1;
/** The device has an address. `virtio 5.1.3` */
export const VIRTIO_NET_F_MAC: u64 = 1 << 5;
/** Where the configuration space has it. `virtio 5.1.4` */
export const VIRTIO_NET_CONFIG_MAC: u32 = 0;

/** A header goes before each frame: flags, kind of segmentation, three sizes, and the number of buffers. `virtio 5.1.6` */
export const VIRTIO_NET_HEADER_BYTES: usize = 12;
export const VIRTIO_NET_HEADER_FLAGS: i32 = 0;
export const VIRTIO_NET_HEADER_SEGMENTATION: i32 = 1;
export const VIRTIO_NET_HEADER_BUFFERS: i32 = 10;
/** A frame that is not to be cut up. `virtio 5.1.6` */
export const VIRTIO_NET_HDR_GSO_NONE: u32 = 0;
