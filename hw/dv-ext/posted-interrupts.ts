import { z } from 'zod';
import { defineDevice, line, output, outputs, type SignalType } from '../kernel/index.ts';
import {
  maximumPostedHarts,
  maximumPostedVcpus,
  postedMap,
  postedOperand,
  postedVectors,
} from './posted-map.ts';
import {
  claimVector,
  completeVector,
  deliver,
  foremostVector,
  hasIpi,
  isInterrupted,
  isNotifying,
  post,
  postedReset,
  type PostedState,
  priorityOf,
  recordedFor,
  setEnabled,
  setPriority,
  setThreshold,
  setVcpus,
  vcpuPosts,
} from './posted-state.ts';

const { windowBytes } = postedMap;
const wordsPerVcpu = 2;

/** What connects the unit with a hart: it hands over a virtual IPI when it rises, and the hart posts to the unit behind it. */
export const postingLink: SignalType<boolean> = { name: 'posting', width: 1, initial: false };

const options = z.strictObject({
  harts: z
    .int()
    .min(1)
    .max(maximumPostedHarts)
    .describe('Harts served; the number of harts of the platform.'),
  vms: z
    .int()
    .min(1)
    .max(postedMap.windows - 1)
    .default(16)
    .describe('Highest VM id that can have vCPUs.'),
  vcpus: z
    .int()
    .min(1)
    .max(maximumPostedVcpus)
    .default(8)
    .describe('Most vCPUs that one VM can have.'),
});

type Options = z.output<typeof options>;

interface Accessed {
  readonly index: number;
  readonly options: Options;
}

/** The vCPU that a register of the windows belongs to. */
function ownerOf({ index, options: { vcpus } }: Accessed) {
  return { vm: 1 + Math.floor(index / vcpus), vcpu: index % vcpus };
}

/** The VM of an array with `perWindow` registers in each window. */
function vmOf({ index }: Accessed, perWindow: number): number {
  return 1 + Math.floor(index / perWindow);
}

/** A register in each window of a VM; VM 0 has no window. */
function inWindows(offset: number) {
  return { offset: windowBytes + offset, groups: { count: 'vms', stride: windowBytes } } as const;
}

const perVcpu = { bytes: 4, count: 'vcpus', stride: postedMap.contextStride } as const;

/** Enables of 32 vectors of each vCPU: of vectors 0 to 31, or behind them of 32 to 63. */
function enablesOf(word: 0 | 1) {
  return {
    ...inWindows(postedMap.enable + 4 * word),
    bytes: 4,
    count: 'vcpus',
    stride: postedMap.enableStride,
    description: `A VM's window: enables of vectors ${word === 0 ? '1 to 31' : '32 to 63'} of a vCPU.`,
    read: (state: PostedState, context: Accessed) => {
      const { vm, vcpu } = ownerOf(context);
      const enabled = vcpuPosts(state, vm, vcpu)?.enabled ?? 0n;
      return Number((enabled >> BigInt(32 * word)) & 0xffff_ffffn);
    },
    write: (draft: PostedState, value: number, context: Accessed) => {
      const { vm, vcpu } = ownerOf(context);
      setEnabled(draft, vm, vcpu, { word, value });
    },
  } as const;
}

/**
 * The posted-interrupt unit (profiles.md): harts tell it which vCPU they run and post virtual interrupts to vCPUs of the
 * same VM; it delivers to the hart that runs the vCPU, or records until one does. Each VM has a window shaped like a PLIC.
 */
export const postedInterrupts = defineDevice({
  kind: 'posted-interrupts',
  summary: 'Posted-interrupt unit of DV-Ext: virtual interrupts between vCPUs without exits.',
  size: postedMap.windows * windowBytes,
  unmapped: 'zero',
  latency: 'posted',
  options,
  platformOptions: { harts: 'hartCount' },
  ports: {
    ipi: outputs(postingLink, 'harts', 'virtual IPI for the guest of each hart, which posts here'),
    vseip: outputs(line, 'harts', 'virtual external interrupt of the guest of each hart'),
    notify: output(line, 'something is recorded for a vCPU that the host asked about'),
  },
  reset: ({ vms, harts }): PostedState => postedReset(vms, harts),
  registers: {
    vcpus: {
      offset: postedMap.vcpus,
      bytes: 4,
      count: postedMap.windows,
      description: 'HS: vCPUs of a VM. A write forgets everything about the VM.',
      read: ({ vms }: PostedState, { index }: Accessed) => vms[index]?.vcpus.length ?? 0,
      write: (draft: PostedState, value: number, { index, options: { vms, vcpus } }: Accessed) => {
        if (index > 0 && index <= vms && value <= vcpus) setVcpus(draft, index, value);
      },
    },
    notify: {
      offset: postedMap.notify,
      bytes: 8,
      count: postedMap.windows,
      description: 'HS: what raises the line notify once it is recorded for a VM.',
      read: ({ vms }: PostedState, { index }: Accessed) => vms[index]?.notify ?? 0n,
      write: (draft: PostedState, value: bigint, { index }: Accessed) => {
        const posts = draft.vms[index];
        if (posts) posts.notify = value;
      },
    },
    recorded: {
      offset: postedMap.recorded,
      bytes: 8,
      count: postedMap.windows,
      description:
        'HS: a bit for each vCPU of a VM with a virtual IPI, and from 32 on with a vector.',
      read: (state: PostedState, { index }: Accessed) => recordedFor(state, index),
    },
    loaded: {
      offset: postedMap.loaded,
      bytes: 8,
      count: 'harts',
      description: 'The hart: its h_vmid from bit 16 on, and its hu_vcpuid.',
      read: ({ loaded }: PostedState, { index }: Accessed) => {
        const { vm = 0, vcpu = 0 } = loaded[index] ?? {};
        return (BigInt(vm) << 16n) | BigInt(vcpu);
      },
      write: (draft: PostedState, value: bigint, { index }: Accessed) => {
        draft.loaded[index] = { vm: Number(value >> 16n), vcpu: Number(value & 0xffffn) };
      },
    },
    post: {
      offset: postedMap.post,
      bytes: 8,
      count: 'harts',
      description: 'The hart: operand of hu_vitr. Reads 1 if the last one was refused.',
      read: ({ refused }: PostedState, { index }: Accessed) => (refused[index] === true ? 1n : 0n),
      write: (draft: PostedState, value: bigint, { index }: Accessed) => {
        const { vcpu, vector } = postedOperand(value);
        draft.refused[index] = !post(draft, draft.loaded[index]?.vm ?? 0, vcpu, vector);
      },
    },
    priority: {
      ...inWindows(postedMap.priority),
      bytes: 4,
      count: postedVectors,
      description: "A VM's window: priority of a vector; 0 never interrupts.",
      read: (state: PostedState, context: Accessed) =>
        priorityOf(state, vmOf(context, postedVectors), context.index % postedVectors),
      write: (draft: PostedState, value: number, context: Accessed) => {
        const vector = context.index % postedVectors;
        setPriority(draft, vmOf(context, postedVectors), vector, value);
      },
    },
    pending: {
      ...inWindows(postedMap.pending),
      bytes: 4,
      count: wordsPerVcpu,
      description: "A VM's window: vectors recorded for any of its vCPUs.",
      read: ({ vms }: PostedState, context: Accessed) => {
        const vcpus = vms[vmOf(context, wordsPerVcpu)]?.vcpus ?? [];
        const all = vcpus.reduce((bits, { pending }) => bits | pending, 0n);
        return Number((all >> BigInt(32 * (context.index % wordsPerVcpu))) & 0xffff_ffffn);
      },
    },
    enable: enablesOf(0),
    'enable-high': enablesOf(1),
    threshold: {
      ...inWindows(postedMap.context),
      ...perVcpu,
      description: "A VM's window: a vCPU is interrupted by priorities above it.",
      read: (state: PostedState, context: Accessed) => {
        const { vm, vcpu } = ownerOf(context);
        return vcpuPosts(state, vm, vcpu)?.threshold ?? 0;
      },
      write: (draft: PostedState, value: number, context: Accessed) => {
        const { vm, vcpu } = ownerOf(context);
        setThreshold(draft, vm, vcpu, value);
      },
    },
    'claim/complete': {
      ...inWindows(postedMap.context + 4),
      ...perVcpu,
      description: "A VM's window. Read: takes the foremost vector, 0 if none. Write: ends it.",
      read: (state: PostedState, context: Accessed) => {
        const { vm, vcpu } = ownerOf(context);
        return foremostVector(state, vm, vcpu);
      },
      afterRead: (draft: PostedState, context: Accessed) => {
        const { vm, vcpu } = ownerOf(context);
        claimVector(draft, vm, vcpu);
      },
      write: (draft: PostedState, value: number, context: Accessed) => {
        const { vm, vcpu } = ownerOf(context);
        completeVector(draft, vm, vcpu, value);
      },
    },
  },
  onEdge: deliver,
  nextEdge: (state, _inputs, { now }) =>
    state.delivering.some((isHigh, hart) => isHigh || hasIpi(state, hart)) ? now : undefined,
  drive: (state) => ({
    ipi: state.delivering,
    vseip: state.loaded.map(({ vm, vcpu }) => isInterrupted(state, vm, vcpu)),
    notify: isNotifying(state),
  }),
});

/** The kinds of component that DV-Ext offers to platforms. */
export const dvExtKinds = [postedInterrupts] as const;
