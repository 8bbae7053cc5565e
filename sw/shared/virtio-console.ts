/** Numbers of the console device. `virtio 5.3` */

/** Type of device. `virtio 5` */
export const VIRTIO_ID_CONSOLE: u32 = 3;
/** Queues of its first port: what the guest receives, and what it sends. `virtio 5.3.2` */
export const VIRTIO_CONSOLE_RECEIVEQ: u32 = 0;
export const VIRTIO_CONSOLE_TRANSMITQ: u32 = 1;
/** A byte can be sent through the configuration space, without any queue. `virtio 5.3.3` */
export const VIRTIO_CONSOLE_F_EMERG_WRITE: u64 = 1 << 2;
/** Where in the configuration space: behind columns, rows and number of ports. `virtio 5.3.4` */
export const VIRTIO_CONSOLE_CONFIG_EMERG_WR: u32 = 8;
