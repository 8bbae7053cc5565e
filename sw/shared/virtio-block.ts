/** Numbers of the block device. `virtio 5.2` */

/** Type of device. `virtio 5` */
export const VIRTIO_ID_BLOCK: u32 = 2;
/** Its queue, without VIRTIO_BLK_F_MQ. `virtio 5.2.2` */
export const VIRTIO_BLK_REQUESTQ: u32 = 0;
/** Where the configuration space has the size of the disk in sectors, 64 bits. `virtio 5.2.4` */
export const VIRTIO_BLK_CONFIG_CAPACITY: u32 = 0;
/** Bytes of the unit that requests count in, whatever the disk's is. `virtio 5.2.4` */
export const VIRTIO_BLK_SECTOR_BYTES: u64 = 512;

/** A request begins with type, 32 bits reserved, and first sector, 64 bits; data follow, and one byte of status. `virtio 5.2.6` */
export const VIRTIO_BLK_REQUEST_TYPE: i32 = 0;
export const VIRTIO_BLK_REQUEST_SECTOR: i32 = 8;
export const VIRTIO_BLK_HEADER_BYTES: u64 = 16;
/** Types of request: disk to memory, memory to disk, name of the disk. `virtio 5.2.6` */
export const VIRTIO_BLK_T_IN: u32 = 0;
export const VIRTIO_BLK_T_OUT: u32 = 1;
export const VIRTIO_BLK_T_GET_ID: u32 = 8;
/** Bytes of the name. `virtio 5.2.6` */
export const VIRTIO_BLK_ID_BYTES: usize = 20;
/** Status: done; failed; of an unknown type. `virtio 5.2.6` */
export const VIRTIO_BLK_S_OK: u32 = 0;
export const VIRTIO_BLK_S_IOERR: u32 = 1;
export const VIRTIO_BLK_S_UNSUPP: u32 = 2;
