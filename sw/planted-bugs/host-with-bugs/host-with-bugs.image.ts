import { host } from '../../host/host.image.ts';
import { defineImage } from '../../toolchain/index.ts';
import { jumpTo } from '../jump.asm.ts';
import { planted } from '../substitution.ts';

/** The host kernel whose in-kernel hypervisor has the bugs of table 6; for that experiment only. */
export const hostWithBugs = defineImage({
  ...host,
  name: 'host-with-bugs',
  assembly: [...(host.assembly ?? []), jumpTo],
  substitutes: planted,
});
