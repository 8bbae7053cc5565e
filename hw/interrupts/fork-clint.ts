import { forkCoreLocalMap, guestTimerMap } from '../isa/index.ts';
import { type BusPort, defineDevice, initiator, line, outputs } from '../kernel/index.ts';
import { clint } from './clint.ts';
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

const { vtimecmp, vtimectl, vipi0, vcpuid } = forkCoreLocalMap;
/** More would find the registers of others behind theirs. */
const mostHarts = (vtimectl.offset - vtimecmp.offset) / vtimecmp.stride;

interface Accessed {
  readonly index: number;
  readonly buses: { readonly guestTimers: BusPort };
}

/** Where a hart has a register of its guest timer. */
function inHart(register: 'vtimecmp' | 'vtimectl', { index }: Accessed): number {
  return index * guestTimerMap.bytes + guestTimerMap[register];
}

/**
 * The core-local interruptor of the QEMU fork (duvisor 5.5): twice as large, and with guest timers and virtual IPIs behind what
 * every interruptor has. A virtual IPI is a user software interrupt, an exit of the guest. The guest timers are the harts' own
 * registers, and raise their interrupts there.
 */
export const forkClint = defineDevice({
  kind: 'fork-clint',
  summary:
    'CLINT of the QEMU fork of DV-Ext: guest timers, and virtual IPIs of 256 vCPU ids, for the exit handler.',
  size: 0x2_0000,
  unmapped: 'zero',
  wide: 'split',
  latency: clint.kind,
  options: clintOptions(mostHarts),
  platformOptions: { harts: 'hartCount' },
  ports: {
    ...clintPorts,
    guestTimers: initiator('the guest timers of the harts'),
    usip: outputs(line, 'harts', 'virtual IPI for the vCPU of each hart, for its exit handler'),
  },
  reset: ({ harts }): ForkClintState => ({ ...clintReset(harts), ...virtualIpisReset(harts) }),
  registers: {
    ...clintRegisters,
    vtimecmp: {
      offset: vtimecmp.offset,
      bytes: 8,
      count: 'harts',
      description: 'When the guest timer expires, in the guest’s time: the CSR of the hart.',
      read: (_state: ForkClintState, context) =>
        context.buses.guestTimers.read(inHart('vtimecmp', context), 8) ?? 0n,
      write: (_draft: ForkClintState, value: bigint, context) => {
        context.buses.guestTimers.write(inHart('vtimecmp', context), 8, value);
      },
    },
    vtimectl: {
      offset: vtimectl.offset,
      bytes: 4,
      count: 'harts',
      description: 'Enable and interrupt number of the guest timer: the CSR of the hart.',
      read: (_state: ForkClintState, context) =>
        Number(context.buses.guestTimers.read(inHart('vtimectl', context), 8) ?? 0n),
      write: (_draft: ForkClintState, value: number, context) => {
        context.buses.guestTimers.write(inHart('vtimectl', context), 8, BigInt(value));
      },
    },
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
