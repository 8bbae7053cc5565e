import test from 'ava';
import { walkCycles } from '../../hw/timing/index.ts';
import { satp } from '../../hw/isa/index.ts';
import { openProtection, RAM_BASE, rocketTiming, type TestMachine } from '../hw/hart/machine.ts';
import { guestMachine } from '../hw/hart/guest-machine.ts';
import { Leaf, mapPage, rootRegister } from '../hw/hart/page-tables.ts';
import { runToBreak } from './run-to-break.ts';

const TABLES = { at: RAM_BASE + 0x10_0000, pages: 1 } as const;

/** S mode, its code and two data pages under 4 KiB mappings. */
function paged(machine: TestMachine): void {
  const { hart } = machine;
  for (const page of [0, 1, 2]) {
    const place = [0x40_0000 + page * 4096, RAM_BASE + page * 4096] as const;
    mapPage(machine, TABLES, place, Leaf.supervisor);
  }
  openProtection(hart);
  hart.csrs.write(satp, rootRegister(TABLES.at));
  hart.state.privilege = 1;
  hart.state.pc = 0x40_0000n;
  hart.state.x[11] = 0x40_1000n;
}

// Counts follow docs/timing.md, "TLB miss".
test('a fetch and a load from pages not seen before take 17 cycles more each', (t) => {
  const { cycles, leaves } = runToBreak('ld a0, 0(a1)\nld a2, 8(a1)', {}, paged);
  t.is(leaves['walk-stage-1'], 34);
  t.is(cycles, 36);
});

test('so do they again after a fence, which takes 5 itself', (t) => {
  const { cycles, leaves } = runToBreak('ld a0, 0(a1)\nsfence.vma\nld a2, 8(a1)', {}, paged);
  t.is(leaves['walk-stage-1'], 68);
  t.is(cycles, 2 + 5 + 68);
});

test('stage 2 alone takes 17 cycles, booked on its own leaf', (t) => {
  const { hart, run } = guestMachine('1: j 1b', '1: j 1b');
  run(100);
  t.is(hart.account.tree.at('VS', 'walk-stage-2'), 17);
  t.is(hart.account.tree.at('VS', 'walk-stage-1'), 0);
});

test('both stages take 65 cycles: 17 for the tables of stage 1, 48 for those of stage 2', (t) => {
  t.deepEqual(walkCycles(rocketTiming(), 3, 12), { stage1: 17, stage2: 48 });
});

// Counts follow docs/timing.md, "Guest access".
test('HLV empties the pipeline behind it (6 cycles)', (t) => {
  const options = { profile: 'none' } as const;
  const prepare = ({ hart }: TestMachine): void => {
    openProtection(hart);
  };
  const { cycles, leaves } = runToBreak('hlv.d a0, (a1)\nnop', options, prepare);
  t.is(cycles, 6);
  t.is(leaves['guest-access-flush'], 4);
});

// Counts follow docs/timing.md, "Misaligned".
test('a misaligned load that hardware splits takes one cycle more', (t) => {
  const { cycles, leaves } = runToBreak('ld a0, 1(a1)', { misaligned: 'hardware' });
  t.is(cycles, 2);
  t.is(leaves['misaligned'], 1);
});
