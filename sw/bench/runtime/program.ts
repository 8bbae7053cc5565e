import {
  defineImage,
  type AssemblyFunction,
  type ImageDescription,
} from '../../toolchain/index.ts';
import { HART_CAPACITY, PRIVATE_BYTES, PROGRAM_BASE, STACK_BYTES, TABLE_BYTES } from './limits.ts';
import { parameters } from './parameters.asm.ts';
import { start, unexpectedTrap } from './start.asm.ts';

const pageBytes = 4096;
const guestRootBytes = 0x4000;

/** What a program consists of beside the runtime. */
interface OwnParts {
  readonly sources?: readonly string[];
  readonly assembly?: readonly AssemblyFunction[];
  /** Whether it has a guest, see guest-space.ts. */
  readonly hasGuest?: boolean;
}

/**
 * Describes a program that measures how fast a machine is executed: M-mode start, then `iteration(base)` in supervisor
 * mode under Sv39, as often as `iteration_count` says, on as many harts as `hart_count` says.
 */
export function defineProgram(name: string, own: OwnParts): ImageDescription {
  const { sources = [], assembly = [], hasGuest = false } = own;
  const files = ['address-space', 'repeat', ...(hasGuest ? ['guest-space'] : [])];
  const runtime = files.map((file) => `sw/bench/runtime/${file}.ts`);
  const handlers = assembly.some((own) => own.name === unexpectedTrap.name) ? [] : [unexpectedTrap];
  return defineImage({
    name,
    sources: [...sources, ...runtime],
    entry: 'start',
    base: BigInt(PROGRAM_BASE),
    assembly: [start, parameters, ...handlers, ...assembly],
    areas: {
      tohost: pageBytes,
      fromhost: pageBytes,
      finished_harts: pageBytes,
      checksum: pageBytes,
      done: pageBytes,
      page_tables: pageBytes + TABLE_BYTES,
      ...(hasGuest ? { guest_tables: 2 * guestRootBytes + 2 * TABLE_BYTES } : {}),
      stacks: HART_CAPACITY * STACK_BYTES,
      private_memory: HART_CAPACITY * PRIVATE_BYTES,
    },
  });
}
