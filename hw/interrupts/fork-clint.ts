import { forkCoreLocalMap } from '../isa/index.ts';
import { defineDevice, line, outputs } from '../kernel/index.ts';
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
import {
  interruptedHarts,
  virtualIpiRegisters,
  type VirtualIpis,
  virtualIpisReset,
} from './virtual-ipis.ts';

type ForkClintState = ClintState & VirtualIpis;

const { vipi0, vcpuid } = forkCoreLocalMap;

/**
 * The core-local interruptor of the QEMU fork (duvisor 5.5): twice as large, and with the virtual IPIs behind what every
 * interruptor has. A virtual IPI is a user software interrupt, an exit of the guest. The guest timers are in the harts.
 */
export const forkClint = defineDevice({
  kind: 'fork-clint',
  summary: 'CLINT of the QEMU fork of DV-Ext: virtual IPIs of 256 vCPU ids, for the exit handler.',
  size: 0x2_0000,
  unmapped: 'zero',
  wide: 'split',
  options: clintOptions(4095),
  platformOptions: { harts: 'hartCount' },
  ports: {
    ...clintPorts,
    usip: outputs(line, 'harts', 'virtual IPI for the vCPU of each hart, for its exit handler'),
  },
  reset: ({ harts }): ForkClintState => ({ ...clintReset(harts), ...virtualIpisReset(harts) }),
  registers: {
    ...clintRegisters,
    ...virtualIpiRegisters<ForkClintState>({ vipi: vipi0.offset, vcpuid: vcpuid.offset }),
  },
  sample: { time: (state: ForkClintState, context) => mtime(state, context) },
  nextEdge: (state: ForkClintState, _inputs, context) => nextChange(state, state.mtimecmp, context),
  drive: (state: ForkClintState, _inputs, context) => ({
    msip: state.msip,
    mtip: reached(state, state.mtimecmp, context),
    usip: interruptedHarts(state),
  }),
});
