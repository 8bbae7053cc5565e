import { createHash } from 'node:crypto';
import { hartStateOffsets } from '../../hw/engine/index.ts';
import { csrSlots, modes } from '../../hw/isa/index.ts';
import { CORE_FORMAT, timingMechanisms } from '../../hw/timing/index.ts';

/** Changes with whatever decides what the bytes of a hart mean: a checkpoint of another layout cannot be read. */
export function stateLayout(): string {
  const meaning = {
    state: hartStateOffsets,
    csrs: [...csrSlots].map(([{ name }, slot]) => [name, slot]),
    modes,
    core: CORE_FORMAT,
    mechanisms: timingMechanisms.map(({ name }) => name),
  };
  return createHash('sha256').update(JSON.stringify(meaning)).digest('hex').slice(0, 16);
}
