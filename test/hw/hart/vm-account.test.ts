import test from 'ava';
import fc from 'fast-check';
import { VmAccount } from '../../../hw/hart/vm-account.ts';
import type { ModeLabel } from '../../../hw/isa/index.ts';
import { CycleTree } from '../../../hw/kernel/index.ts';
import { timingMechanisms } from '../../../hw/timing/index.ts';

const modes = ['U', 'HU', 'VU', 'VS', 'HS', 'M'] as const satisfies readonly ModeLabel[];

test('cycles of guest modes and exit handler belong to the virtual machine that the hart works for', (t) => {
  const tree = new CycleTree<ModeLabel, (typeof timingMechanisms)[number]['name']>(
    modes,
    timingMechanisms,
  );
  const vms = new VmAccount(tree);
  tree.add(tree.leaf('HS', 'issue'), 7);
  vms.serve(3);
  tree.add(tree.leaf('VS', 'branch'), 5);
  tree.add(tree.leaf('HS', 'issue'), 11);
  vms.serve(2);
  tree.add(tree.leaf('HU', 'issue'), 13);
  vms.serve(3);
  tree.add(tree.leaf('VS', 'branch'), 17);
  const trees = vms.trees();
  t.deepEqual([...trees.keys()], [2, 3]);
  t.is(trees.get(3)?.VS.branch, 22);
  t.is(trees.get(3)?.HU.issue, 0);
  t.is(trees.get(2)?.HU.issue, 13);
});

test('whatever is served in whatever order, the trees of all virtual machines sum to the modes of the hart', (t) => {
  const step = fc.record({
    vmid: fc.integer({ min: 0, max: 4 }),
    leaf: fc.integer({ min: 0, max: modes.length * timingMechanisms.length - 1 }),
    cycles: fc.integer({ min: 0, max: 1000 }),
    looks: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const tree = new CycleTree<ModeLabel, (typeof timingMechanisms)[number]['name']>(
        modes,
        timingMechanisms,
      );
      const vms = new VmAccount(tree);
      for (const { vmid, leaf, cycles, looks } of steps) {
        vms.serve(vmid);
        tree.add(leaf, cycles);
        if (looks) vms.trees();
      }
      const all = [...vms.trees().values()];
      for (const mode of ['HU', 'VU', 'VS'] as const) {
        const ofVms = all.flatMap((vm) => Object.values(vm[mode]));
        t.is(
          ofVms.reduce((sum, cycles) => sum + cycles, 0),
          tree.sumOf(mode),
        );
      }
    }),
  );
});
