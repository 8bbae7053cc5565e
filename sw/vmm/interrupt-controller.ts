/** Guest-physical address of the interrupt controller, and the bytes of its window. */
export const PLIC_BASE: u64 = 0x0c00_0000;
export const PLIC_SIZE: u64 = 0x400_0000;
/** Sources of the guest's devices are at most this. */
export const PLIC_SOURCES: u32 = 63;
/** Source of the UART. */
export const UART_SOURCE: u32 = 10;
