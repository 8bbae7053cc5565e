import { inOrder, unlessSet } from '../instructions/guard.ts';
import type { Guard } from '../instructions/guard.ts';
import { hcounteren } from './hypervisor.ts';
import { mcounteren } from './machine.ts';
import type { counterEnableFields } from './machine.ts';
import { scounteren } from './supervisor.ts';

/** Field of the counter-enable registers that stands for a counter. */
export type CounterField = keyof typeof counterEnableFields;

/** Who reads a counter: every level above must have enabled it (priv 3.1.11, priv 10.1.5, priv 18.2.6). */
export function counterAccess(field: CounterField): Guard {
  const machine = unlessSet(mcounteren, field, 'illegal');
  const guest = inOrder(machine, unlessSet(hcounteren, field, 'virtual'));
  return {
    HS: machine,
    U: inOrder(machine, unlessSet(scounteren, field, 'illegal')),
    VS: guest,
    VU: inOrder(guest, unlessSet(scounteren, field, 'virtual')),
  };
}
