import { defineImage, type Blob, type ImageDescription } from '../../toolchain/index.ts';
import { HART_STACK_BYTES, MAXIMUM_HARTS } from './limits.ts';
import { guestStart } from './start.asm.ts';
import { trapVector } from './trap-vector.asm.ts';

/**
 * Describes a guest program: a supervisor-mode kernel at the place where an SBI starts one, 2 MiB into RAM. Its folder holds
 * `main.ts` with `main(hart, argument)` and `on_trap(hart)`.
 */
export function defineGuest(
  name: string,
  blobs: Readonly<Record<string, Blob>> = {},
  areas: Readonly<Record<string, number>> = {},
): ImageDescription {
  return defineImage({
    name,
    sources: [
      `sw/guest/${name}/main.ts`,
      'sw/guest/runtime/prepare-hart.ts',
      'sw/guest/runtime/shutdown.ts',
    ],
    entry: 'guest_start',
    base: 0x8020_0000n,
    assembly: [guestStart, trapVector],
    areas: { hart_stacks: MAXIMUM_HARTS * HART_STACK_BYTES, ...areas },
    blobs,
  });
}
