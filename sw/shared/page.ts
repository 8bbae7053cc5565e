/** Bytes of a page. */
export const PAGE: u64 = 4096;
