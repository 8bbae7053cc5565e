import { mstatus } from '../csr/machine.ts';
import { vsstatus } from '../csr/virtual-supervisor.ts';
import { inOrder, unlessSet, type Guard } from './guard.ts';

const machineEnable = unlessSet(mstatus, 'fs', 'illegal');
const guestEnable = inOrder(machineEnable, unlessSet(vsstatus, 'fs', 'illegal'));

/** Nobody reaches floating-point state that is off; a guest's is off too while that of its host is (priv 3.1.6.6, priv 18.2.11). */
export const floatEnabled: Guard = {
  M: machineEnable,
  HS: machineEnable,
  U: machineEnable,
  VS: guestEnable,
  VU: guestEnable,
};
