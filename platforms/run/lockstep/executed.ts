import type { Hart } from '../../../hw/hart/index.ts';
import { Need } from '../../../hw/hart/mmu/index.ts';
import type { ModeLabel } from '../../../hw/isa/index.ts';
import type { Side } from './side.ts';

/** An instruction that a hart executed, or before which it took an interrupt. */
export interface Executed {
  readonly hart: number;
  readonly mode: ModeLabel;
  readonly pc: bigint;
  /** Where it is in memory; unknown if its page could not be fetched from, or is forgotten since. */
  readonly physical: number | undefined;
  /** Its bytes, little-endian; 0 if unknown. */
  readonly word: number;
}

const IN_PAGE = 0xfffn;
const WORD = 4;

/** Runs a machine from one cycle to another and notes what its harts execute. */
export function executedBetween(side: Side, begin: number, end: number): readonly Executed[] {
  const executed: Executed[] = [];
  const { harts } = side.machine;
  for (let cycle = begin + 1; cycle <= end; cycle += 1) {
    const before = harts.map((hart) => ({ hart, ...hart.status, regime: hart.mmu.regimes.fetch }));
    side.runTo(cycle);
    for (const { hart, id, mode, pc, regime, isWaiting, cycle: started } of before) {
      if (isWaiting || hart.state.cycle === started) continue;
      const physical = physicalAddress(hart, pc, regime);
      const word = physical === undefined ? 0 : wordAt(side, physical);
      executed.push({ hart: id, mode, pc, physical, word });
    }
  }
  return executed;
}

/** Where an address that was just fetched from is. */
function physicalAddress(
  { mmu }: Hart,
  pc: bigint,
  regime: Hart['mmu']['regimes']['fetch'],
): number | undefined {
  const [high, low] = [Number(pc >> 32n), Number(BigInt.asUintN(32, pc))];
  const entry = mmu.lookup(high, low, Need.execute, regime);
  return entry === undefined ? undefined : entry.frame + Number(pc & IN_PAGE);
}

function wordAt({ machine }: Side, physical: number): number {
  const memory = machine.memories.find((each) => each.holds(physical, WORD));
  return memory === undefined
    ? 0
    : new DataView(memory.copy(physical, WORD).buffer).getUint32(0, true);
}
