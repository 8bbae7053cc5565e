import test from 'ava';
import { bootBare, loadPlatform, run } from '../../platforms/index.ts';
import { assemble } from '../../hw/isa/index.ts';
import { inProject } from '../harness/project-root.ts';
import { measuringProgram } from './measured-regions.ts';
import { takesBy } from './takes.ts';

// Counts are those of the Rocket RTL; see docs/timing.md, "Stages" and "Caches". Commit to commit, code and data in the caches.

const BASE = 0x8000_0000;

/** Cycles between two reads of the counter around some code, the third time it is executed. */
function cyclesOf(body: string): number {
  const text = measuringProgram([{ name: 'body', body }]);
  const { bytes } = assemble(text, { base: BASE });
  const platform = loadPlatform(inProject('platforms', 'rocket-rtl.yaml'));
  const file = { name: 'region.bin', bytes };
  const { machine } = bootBare(platform, file, [0n]);
  const cycles: number[] = [];
  machine.region$.subscribe((region) => cycles.push(region.cycles));
  const steps = run(machine, { cycles: 100_000 });
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return cycles[0] ?? NaN;
}

const takes = takesBy((body) => ({ cycles: cyclesOf(body) }));

test('an empty region takes the cycle of its second read', takes, '', 1);
test('instructions that do not wait take a cycle each', takes, 'add a2, a3, a4\nadd a5, a3, a2', 3);
test('a doubleword can be used after two cycles', takes, 'ld a2, 0(s0)\nadd a3, a2, a2', 4);
test('a byte can be used after three', takes, 'lb a2, 0(s0)\nadd a3, a2, a2', 5);
test(
  'a load of bytes that the store before it wrote is repeated',
  takes,
  'sd a2, 0(s0)\nld a3, 0(s0)',
  8,
);
test('a load of other bytes of the same word is not', takes, 'sw a2, 0(s0)\nlw a3, 4(s0)', 3);
test(
  'a store that no load is behind leaves the buffer',
  takes,
  'sd a2, 0(s0)\nnop\nnop\nld a3, 0(s0)',
  5,
);
test(
  'loads of other words keep it there',
  takes,
  `sd a2, 0(s0)\n${'ld a3, 8(s0)\nld a4, 8(s0)\n'.repeat(3)}ld a5, 0(s0)`,
  14,
);
test('a CSR can be used after three cycles', takes, 'csrr a2, mscratch\nadd a3, a2, a2', 5);
test('a write of most CSRs empties the pipeline', takes, 'csrw mcounteren, zero', 6);
test(
  'a product of one byte can be used after four cycles',
  takes,
  'li a2, 3\nmul a3, a2, a2\nadd a4, a3, a3',
  7,
);
test(
  'independent instructions go on beside a division',
  takes,
  `li a2, 1000\nli a3, 7\ndiv a4, a2, a3\n${'addi a5, a5, 1\n'.repeat(8)}`,
  12,
);
test(
  'a load that misses both caches waits 20 cycles more than memory takes',
  takes,
  'addi s3, s3, 64\nadd a4, s0, s3\nld a2, 1024(a4)',
  124,
);
