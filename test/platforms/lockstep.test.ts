import test from 'ava';
import { differences } from '../../hw/hart/index.ts';
import { assemble } from '../../hw/isa/index.ts';
import {
  bootBare,
  type Divergence,
  loadPlatform,
  type RunEnd,
  runInLockstep,
} from '../../platforms/index.ts';
import { inProject } from '../harness/project-root.ts';

const BASE = 0x8000_0000;
const program = (text: string) => ({
  name: 'the test',
  bytes: assemble(text, { base: BASE }).bytes,
});

/** Runs a program on a machine, and beside it on one of another description. */
function lockstep(
  text: string,
  { set, against }: { readonly set: readonly string[]; readonly against: readonly string[] },
): RunEnd | Divergence {
  const platforms = [set, against].map((assignments) =>
    loadPlatform(inProject('platforms', 'bare-1hart.yaml'), {
      set: ['memory.dram.size=1MiB', ...assignments],
    }),
  );
  const [subject, reference] = platforms.map((platform) => () => bootBare(platform, program(text)));
  if (subject === undefined || reference === undefined) throw new Error('two platforms');
  const steps = runInLockstep(subject(), { subject, reference }, { cycles: 300_000 });
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

const delay = 'li t0, 60000\n1: addi t0, t0, -1\nbnez t0, 1b\n';

for (const engine of ['oracle', 'interpreter', 'translator']) {
  test(`${engine}: an instruction that takes longer is found, with the cycles that it cost`, (t) => {
    const end = lockstep(`${delay}division: divu a0, a1, a2\nself: j self`, {
      set: [`engine=${engine}`, 'harts.timing.parameters.divideByZero.value=77'],
      against: ['engine=oracle'],
    });
    if (end.kind !== 'divergence') return void t.fail(end.kind);
    const { suspects, agreeCycle, differCycle, before, expected, actual } = end;
    t.deepEqual(
      suspects.map(({ hart, mode, pc }) => [hart, mode, pc]),
      [[0, 'M', BigInt(BASE) + 16n]],
    );
    t.is(differCycle, agreeCycle + 1);
    t.is(before.get('hart 0 cycle count'), String(agreeCycle));
    const differing = differences(expected, actual).map(({ name }) => name);
    t.deepEqual(differing, [
      ...['hart 0 cycle count', 'hart 0 mcycle', 'hart 0 cycle'],
      'hart 0 M multiply-divide',
    ]);
  });
}

test('machines that agree end as one of them would', (t) => {
  const end = lockstep(`${delay}self: j self`, { set: [], against: ['engine=oracle'] });
  t.deepEqual(end, { kind: 'hang', hang: 'self loop' });
});
