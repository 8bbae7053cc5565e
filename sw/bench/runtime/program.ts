import {
  defineImage,
  type AssemblyFunction,
  type ImageDescription,
} from '../../toolchain/index.ts';
import { HART_CAPACITY, MAPPED_BYTES, PRIVATE_BYTES, PROGRAM_BASE, STACK_BYTES } from './limits.ts';
import { parameters } from './parameters.asm.ts';
import { start } from './start.asm.ts';

const pageBytes = 4096;
const megapageBytes = 0x20_0000;

/** What a program consists of beside the runtime. */
interface OwnParts {
  readonly sources?: readonly string[];
  readonly assembly?: readonly AssemblyFunction[];
}

/**
 * Describes a program that measures how fast a machine is executed: M-mode start, then `iteration(base)` in supervisor
 * mode under Sv39, as often as `iteration_count` says, on as many harts as `hart_count` says.
 */
export function defineProgram(name: string, own: OwnParts): ImageDescription {
  const { sources = [], assembly = [] } = own;
  const runtime = ['address-space', 'repeat'].map((file) => `sw/bench/runtime/${file}.ts`);
  return defineImage({
    name,
    sources: [...sources, ...runtime],
    entry: 'start',
    base: BigInt(PROGRAM_BASE),
    assembly: [start, parameters, ...assembly],
    areas: {
      tohost: pageBytes,
      fromhost: pageBytes,
      finished_harts: pageBytes,
      checksum: pageBytes,
      done: pageBytes,
      page_tables: (2 + MAPPED_BYTES / megapageBytes) * pageBytes,
      stacks: HART_CAPACITY * STACK_BYTES,
      private_memory: HART_CAPACITY * PRIVATE_BYTES,
    },
  });
}
