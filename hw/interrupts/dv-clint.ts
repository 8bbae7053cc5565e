import { coreLocalMap } from '../isa/index.ts';
import { defineDevice, line, outputs } from '../kernel/index.ts';
import { clint } from './clint.ts';
import {
  clintOptions,
  clintPorts,
  clintRegisters,
  clintReset,
  type ClintState,
  mtime,
  never,
  nextChange,
  reached,
} from './clint-parts.ts';
import {
  interruptedHarts,
  virtualIpiRegisters,
  type VirtualIpis,
  virtualIpisReset,
} from './virtual-ipis.ts';

/** What the prototype's interruptor remembers besides. */
interface DvClintState extends ClintState, VirtualIpis {
  vtimecmp: bigint[];
  vtimectl: bigint[];
}

const { vipi0, vtimecmp, vtimectl, vcpuid } = coreLocalMap;
/** More would find the registers of others behind theirs. */
const mostHarts = (vtimectl.offset - vtimecmp.offset) / vtimecmp.stride;
const ENABLE = 1n;

/** Whether the guest timer of a hart runs. */
function isRunning({ vtimectl }: DvClintState, hart: number): boolean {
  return ((vtimectl[hart] ?? 0n) & ENABLE) !== 0n;
}

/**
 * The prototype's core-local interruptor (duvisor 5.2): a guest timer for each hart, and 256 bits of virtual IPIs, of which a
 * hart sees the one of the vCPU id that it says it runs. All lines are levels, and nobody is asked who he is. An id that
 * two harts run interrupts both; one that no hart runs stays pending. After reset, where the prototype's registers are
 * undefined, no timer runs, and every hart runs id 0, whose bit software leaves alone.
 */
export const dvClint = defineDevice({
  kind: 'dv-clint',
  summary: 'CLINT of the DV-Ext prototype: guest timers and virtual IPIs of 256 vCPU ids.',
  size: 0x1_0000,
  unmapped: 'zero',
  wide: 'split',
  latency: clint.kind,
  options: clintOptions(mostHarts),
  platformOptions: { harts: 'hartCount' },
  ports: {
    ...clintPorts,
    utip: outputs(line, 'harts', 'guest timer interrupt of each hart, for its exit handler'),
    vssip: outputs(line, 'harts', 'virtual IPI for the guest of each hart'),
  },
  reset: ({ harts }): DvClintState => ({
    ...clintReset(harts),
    vtimecmp: new Array<bigint>(harts).fill(never),
    vtimectl: new Array<bigint>(harts).fill(0n),
    ...virtualIpisReset(harts),
  }),
  registers: {
    ...clintRegisters,
    vtimecmp: {
      offset: vtimecmp.offset,
      bytes: 8,
      count: 'harts',
      description: 'The guest timer has expired while mtime is at or past it.',
      read: (state: DvClintState, { index }) => state.vtimecmp[index] ?? never,
      write: (draft: DvClintState, value: bigint, { index }) => {
        draft.vtimecmp[index] = value;
      },
    },
    vtimectl: {
      offset: vtimectl.offset,
      bytes: 8,
      count: 'harts',
      description: 'Bit 0 lets the guest timer raise its interrupt.',
      read: (state: DvClintState, { index }) => state.vtimectl[index] ?? 0n,
      write: (draft: DvClintState, value: bigint, { index }) => {
        draft.vtimectl[index] = value;
      },
    },
    ...virtualIpiRegisters<DvClintState>({ vipi: vipi0.offset, vcpuid: vcpuid.offset }),
  },
  sample: { time: (state: DvClintState, context) => mtime(state, context) },
  nextEdge: (state: DvClintState, _inputs, context) => {
    const running = state.vtimecmp.filter((_, hart) => isRunning(state, hart));
    return nextChange(state, [...state.mtimecmp, ...running], context);
  },
  drive: (state: DvClintState, _inputs, context) => ({
    msip: state.msip,
    mtip: reached(state, state.mtimecmp, context),
    utip: reached(state, state.vtimecmp, context).map(
      (isHigh, hart) => isHigh && isRunning(state, hart),
    ),
    vssip: interruptedHarts(state),
  }),
});
