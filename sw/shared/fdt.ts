/** Numbers of the flattened device tree format, version 17. `devicetree 5` */

/** First word of a blob. `devicetree 5.2` */
export const FDT_MAGIC: u32 = 0xd00d_feed;
/** Version that the writer produces. `devicetree 5.2` */
export const FDT_VERSION: u32 = 17;
/** Oldest version that can read it. `devicetree 5.2` */
export const FDT_LAST_COMPATIBLE_VERSION: u32 = 16;
/** Size of the header in bytes. `devicetree 5.2` */
export const FDT_HEADER_BYTES: usize = 40;
/** Token: a node starts, its name follows. `devicetree 5.4.1` */
export const FDT_BEGIN_NODE: u32 = 1;
/** Token: the node ends. `devicetree 5.4.1` */
export const FDT_END_NODE: u32 = 2;
/** Token: a property, its length, name offset and value follow. `devicetree 5.4.1` */
export const FDT_PROP: u32 = 3;
/** Token: nothing. `devicetree 5.4.1` */
export const FDT_NOP: u32 = 4;
/** Token: the structure block ends. `devicetree 5.4.1` */
export const FDT_END: u32 = 9;

/** Header offset of the total size. */
export const FDT_TOTAL_SIZE: usize = 4;
/** Header offset of the structure block's offset. */
export const FDT_OFF_STRUCT: usize = 8;
/** Header offset of the strings block's offset. */
export const FDT_OFF_STRINGS: usize = 12;
