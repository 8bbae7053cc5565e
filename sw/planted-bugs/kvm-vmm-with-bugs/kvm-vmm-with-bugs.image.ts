import { kvmVmm } from '../../kvm-vmm/kvm-vmm.image.ts';
import { defineImage } from '../../toolchain/index.ts';
import { jumpTo } from '../jump.asm.ts';
import { planted } from '../substitution.ts';

/** The process of the in-kernel hypervisor, which handles exits where the kernel forwards them, with the bugs of table 6; for that experiment only. */
export const kvmVmmWithBugs = defineImage({
  ...kvmVmm,
  name: 'kvm-vmm-with-bugs',
  assembly: [...(kvmVmm.assembly ?? []), jumpTo],
  substitutes: planted,
});
