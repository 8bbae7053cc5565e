/** Bytes of an address. `ieee 802.3 3.2.3` */
export const ETHERNET_ADDRESS_BYTES: usize = 6;
/** A frame begins with destination, source and type. `ieee 802.3 3.2` */
export const ETHERNET_SOURCE: i32 = 6;
export const ETHERNET_TYPE: i32 = 12;
export const ETHERNET_HEADER_BYTES: usize = 14;
/** Bytes of the longest frame, without its check sequence. `ieee 802.3 3.2.7` */
export const ETHERNET_LONGEST_FRAME: usize = 1514;
