import { defineDevice } from '../kernel/index.ts';
import {
  clintOptions,
  clintPorts,
  clintRegisters,
  clintReset,
  type ClintState,
  mtime,
  nextChange,
  reached,
} from './clint-parts.ts';

/**
 * The core-local interruptor: per hart a software interrupt bit and a timer compare, and the machine's time
 * (priv 3.2.1; map: SiFive FU540 manual, chapter 9). mtime is computed from simulated time, so it costs no events.
 * mtimecmp is all ones after reset, where the manual leaves it undefined: no timer interrupt until software asks.
 */
export const clint = defineDevice({
  kind: 'clint',
  summary: 'Core-local interruptor: software interrupts, timer compares and the machine time.',
  size: 0x1_0000,
  unmapped: 'zero',
  wide: 'split',
  options: clintOptions(4095),
  platformOptions: { harts: 'hartCount' },
  ports: clintPorts,
  reset: ({ harts }): ClintState => clintReset(harts),
  registers: clintRegisters,
  sample: { time: mtime },
  nextEdge: (state, _inputs, context) => nextChange(state, state.mtimecmp, context),
  drive: (state, _inputs, context) => ({
    msip: state.msip,
    mtip: reached(state, state.mtimecmp, context),
  }),
});
