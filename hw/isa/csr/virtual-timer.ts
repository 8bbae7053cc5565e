import { counterAccess } from './counter-access.ts';
import type { CounterField } from './counter-access.ts';
import { bit, bits, defineCsr } from './csr.ts';
import type { Access } from './csr.ts';
import { exitHandlerAccess } from './dv-ext-rules.ts';
import type { CsrFeatures } from './features.ts';
import { wholeWord } from './legalize.ts';
import { vstimecmp } from './virtual-supervisor.ts';

function isPresent({ dv }: CsrFeatures): boolean {
  return dv?.['vtimer.registers'] === 'csr';
}

// The QEMU fork guards them like the counters whose low address bits they share.
function timerAccess(field: CounterField): Access {
  return (features) =>
    features.dv?.access === 'predicates' ? counterAccess(field) : exitHandlerAccess(features);
}

/** When the guest's timer expires, in the guest's time: the compare register that Sstc calls `vstimecmp`. */
export const vtimecmp = defineCsr({
  name: 'vtimecmp',
  address: 0x401,
  extension: 'dv',
  description: 'Guest timer compare',
  spec: 'duvisor 5',
  present: isPresent,
  access: timerAccess('tm'),
  storage: { aliasOf: vstimecmp },
  fields: wholeWord,
});

/** Whether the guest's timer runs. */
export const vtimectl = defineCsr({
  name: 'vtimectl',
  address: 0x402,
  extension: 'dv',
  description: 'Guest timer control',
  spec: 'duvisor 5',
  present: isPresent,
  access: timerAccess('ir'),
  fields: {
    enable: bit(0, 'any'),
    interrupt: bits(6, 1, (proposed, current, { features }) =>
      features.dv?.['vtimer.control'] === 'enable-and-number' ? proposed : current,
    ),
  },
  affects: ['timer', 'interrupts'],
});

/** All CSRs of the guest timer. */
export const virtualTimerCsrs = [vtimecmp, vtimectl];
