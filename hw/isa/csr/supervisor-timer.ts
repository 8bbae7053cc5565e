import { inOrder, unlessSet } from '../instructions/guard.ts';
import { defineCsr } from './csr.ts';
import type { CsrFeatures } from './features.ts';
import { henvcfg, hcounteren } from './hypervisor.ts';
import { lowBits, wholeWord } from './legalize.ts';
import { mcounteren } from './machine.ts';
import { timerAccess, vstimecmp } from './virtual-supervisor.ts';
import { vtimectl } from './virtual-timer.ts';

/** Whether DV-Ext alone lets the guest set its timer: through the address of `stimecmp`, which it then lends. */
function isLent({ dv, named }: CsrFeatures): boolean {
  const isDirect = dv?.['vtimer.registers'] === 'csr' && dv['vtimer.set'] === 'direct';
  return isDirect && !named.has('sstc');
}

/** When the timer of S expires; a guest reaches its own. */
export const stimecmp = defineCsr({
  name: 'stimecmp',
  address: 0x14d,
  extension: 's',
  description: 'Supervisor timer compare',
  spec: 'priv 15.1.1',
  present: (features) => features.named.has('sstc') || isLent(features),
  reset: lowBits(64),
  access: (features) =>
    isLent(features)
      ? {
          M: 'illegal',
          HS: 'illegal',
          VS: inOrder(
            unlessSet(mcounteren, 'tm', 'illegal'),
            unlessSet(hcounteren, 'tm', 'virtual'),
            unlessSet(vtimectl, 'enable', 'virtual'),
          ),
        }
      : {
          ...timerAccess,
          VS: inOrder(
            timerAccess.HS,
            unlessSet(hcounteren, 'tm', 'virtual'),
            unlessSet(henvcfg, 'stce', 'virtual'),
          ),
        },
  fields: wholeWord,
  virtual: vstimecmp,
  affects: ['timer', 'interrupts'],
});

/** The timers of the supervisors: `stimecmp`; `vstimecmp` is among the guest's CSRs. */
export const supervisorTimerCsrs = [stimecmp];
