import type { ComparedOperation, ComparisonFigure } from './comparison.ts';

const mebibyte = 0x10_0000;
const lineBytes = 64;

/** A way through memory: published cycles per line, from the rescaled rates, and how much slower it was with PMP. */
function way(name: string, paperCycles: number, withPmp: number, without: number) {
  const paperPercent = 100 * (without / withPmp - 1);
  return { name, title: name, vcpus: 1, paperCycles, paperPercent } satisfies ComparedOperation;
}

/** Memory bandwidth with and without physical memory checking; `evaluation 5.2`, whose axis is ten times too large. */
export const figure9b: ComparisonFigure = {
  name: 'fig9b',
  title: 'Figure 9b: memory bandwidth under DuVisor, without and with physical memory checking',
  sides: [
    { name: 'unchecked', stack: 'duvisor', set: ['harts.dvExt.pmc.guestAccess=unchecked'] },
    { name: 'checked', stack: 'duvisor', set: [] },
  ],
  guest: 'bandwidth',
  platform: 'duvisor-firesim',
  // Four times the cache in front of the DRAM: of twice as much, it would still have one line in five.
  size: 16 * mebibyte,
  quickSize: mebibyte / 4,
  sizeUnit: 'bytes',
  memory: (size) => 2 * size + 8 * mebibyte,
  unit: 'a line of 64 bytes',
  unitCount: (size) => size / lineBytes,
  operations: [
    way('rd', 126.9, 15.76626465, 15.76880859),
    way('frd', 163.2, 12.25144531, 12.24990234),
    way('wr', 296, 6.751210937, 6.751733398),
    way('rdwr', 314, 6.37796875, 6.377553711),
    way('fwr', 307, 6.506513672, 6.507597656),
    way('bzero', 303, 6.609785156, 6.608222656),
    way('cp', 455, 4.396943359, 4.396948242),
    way('fcp', 491, 4.071298828, 4.071557617),
    way('bcopy', 471, 4.249067383, 4.245463867),
  ],
};
