import { duvisor } from '../../duvisor/duvisor.image.ts';
import { defineImage } from '../../toolchain/index.ts';
import { jumpTo } from '../jump.asm.ts';
import { planted } from '../substitution.ts';

/** The user-level hypervisor with the bugs of table 6; for that experiment only. */
export const duvisorWithBugs = defineImage({
  ...duvisor,
  name: 'duvisor-with-bugs',
  assembly: [...(duvisor.assembly ?? []), jumpTo],
  substitutes: planted,
});
