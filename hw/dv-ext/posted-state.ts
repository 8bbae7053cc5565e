import { NO_VCPU, postedVectors } from './posted-map.ts';

/** The interrupts of one vCPU; sets of vectors are bits of a number. */
interface VcpuPosts {
  /** A virtual IPI is recorded. */
  ipi: boolean;
  /** Vectors recorded and not claimed. */
  pending: bigint;
  /** Vectors claimed and not completed, which do not interrupt again before. */
  serving: bigint;
  enabled: bigint;
  threshold: number;
}

/** The interrupts of one VM: what its window shows. */
interface VmPosts {
  /** By vector. */
  readonly priority: number[];
  readonly vcpus: VcpuPosts[];
  /** What the host wants to be told of when it is recorded, as `recordedFor` has it. */
  notify: bigint;
}

/** What the unit remembers; plain data. */
export interface PostedState {
  /** By VM; none that has no vCPUs. */
  readonly vms: (VmPosts | null)[];
  /** What each hart runs. */
  readonly loaded: { vm: number; vcpu: number }[];
  /** Harts whose virtual IPI is being handed over in this cycle. */
  readonly delivering: boolean[];
  /** Whether the last post of each hart was refused. */
  readonly refused: boolean[];
}

/** Highest priority of a vector (plic 4). */
const maximumPriority = 7;
const allVectors = (1n << BigInt(postedVectors)) - 2n;

/** The state after reset: no VM has a vCPU. */
export function postedReset(vms: number, harts: number): PostedState {
  return {
    vms: Array.from({ length: vms + 1 }, () => null),
    loaded: Array.from({ length: harts }, () => ({ vm: 0, vcpu: NO_VCPU })),
    delivering: new Array<boolean>(harts).fill(false),
    refused: new Array<boolean>(harts).fill(false),
  };
}

function freshVcpu(): VcpuPosts {
  return { ipi: false, pending: 0n, serving: 0n, enabled: 0n, threshold: 0 };
}

/** Gives a VM this many vCPUs, with nothing of what its id meant before. */
export function setVcpus(draft: PostedState, vm: number, count: number): void {
  draft.vms[vm] =
    count === 0
      ? null
      : {
          priority: new Array<number>(postedVectors).fill(0),
          vcpus: Array.from({ length: count }, freshVcpu),
          notify: 0n,
        };
}

/** The interrupts of a vCPU; none where there is no such. */
export function vcpuPosts(state: PostedState, vm: number, vcpu: number): VcpuPosts | undefined {
  return state.vms[vm]?.vcpus[vcpu];
}

/** Records an interrupt for a vCPU; `false` if the VM has no such vCPU or there is no such vector. */
export function post(draft: PostedState, vm: number, vcpu: number, vector: number): boolean {
  const posts = vcpuPosts(draft, vm, vcpu);
  if (posts === undefined || vector >= postedVectors) return false;
  if (vector === 0) posts.ipi = true;
  else posts.pending |= 1n << BigInt(vector);
  return true;
}

/** The recorded vector that a vCPU would claim: the highest priority, then the lowest number; 0 when there is none. */
export function foremostVector(state: PostedState, vm: number, vcpu: number): number {
  const posts = vcpuPosts(state, vm, vcpu);
  if (posts === undefined) return 0;
  let candidates = posts.pending & posts.enabled & ~posts.serving;
  let best = 0;
  for (let vector = 1; candidates !== 0n && vector < postedVectors; vector += 1) {
    const bit = 1n << BigInt(vector);
    if ((candidates & bit) === 0n) continue;
    candidates &= ~bit;
    if (priorityOf(state, vm, vector) > priorityOf(state, vm, best)) best = vector;
  }
  return best;
}

/** Takes the foremost vector of a vCPU, which is served until it is completed. */
export function claimVector(draft: PostedState, vm: number, vcpu: number): void {
  const posts = vcpuPosts(draft, vm, vcpu);
  const vector = foremostVector(draft, vm, vcpu);
  if (posts === undefined || vector === 0) return;
  posts.pending &= ~(1n << BigInt(vector));
  posts.serving |= 1n << BigInt(vector);
}

/** Ends the service of a vector; ignored for one that the vCPU does not have enabled (plic 10). */
export function completeVector(draft: PostedState, vm: number, vcpu: number, vector: number): void {
  const posts = vcpuPosts(draft, vm, vcpu);
  if (posts === undefined || vector >= postedVectors) return;
  posts.serving &= ~((1n << BigInt(vector)) & posts.enabled);
}

/** Priority of a vector of a VM. */
export function priorityOf({ vms }: PostedState, vm: number, vector: number): number {
  return vms[vm]?.priority[vector] ?? 0;
}

/** Sets the priority of a vector; vector 0 has none. */
export function setPriority(draft: PostedState, vm: number, vector: number, value: number): void {
  const posts = draft.vms[vm];
  if (posts !== null && posts !== undefined && vector !== 0) {
    posts.priority[vector] = value & maximumPriority;
  }
}

/** Sets the threshold of a vCPU. */
export function setThreshold(draft: PostedState, vm: number, vcpu: number, value: number): void {
  const posts = vcpuPosts(draft, vm, vcpu);
  if (posts !== undefined) posts.threshold = value & maximumPriority;
}

/** Sets a word of the enables of a vCPU. */
export function setEnabled(
  draft: PostedState,
  vm: number,
  vcpu: number,
  { word, value }: { readonly word: number; readonly value: number },
): void {
  const posts = vcpuPosts(draft, vm, vcpu);
  if (posts === undefined) return;
  const shift = BigInt(32 * word);
  const kept = posts.enabled & ~(0xffff_ffffn << shift);
  posts.enabled = (kept | (BigInt(value) << shift)) & allVectors;
}

/** Whether a vector of a vCPU interrupts its guest: one is above the threshold (plic 8). */
export function isInterrupted(state: PostedState, vm: number, vcpu: number): boolean {
  const posts = vcpuPosts(state, vm, vcpu);
  if (posts === undefined || posts.pending === 0n) return false;
  return priorityOf(state, vm, foremostVector(state, vm, vcpu)) > posts.threshold;
}

/** What is recorded for the vCPUs of a VM: bit v a virtual IPI of vCPU v, bit 32 + v a vector that interrupts it. */
export function recordedFor(state: PostedState, vm: number): bigint {
  const vcpus = state.vms[vm]?.vcpus ?? [];
  let recorded = 0n;
  for (const [vcpu, { ipi }] of vcpus.entries()) {
    if (ipi) recorded |= 1n << BigInt(vcpu);
    if (isInterrupted(state, vm, vcpu)) recorded |= 1n << BigInt(32 + vcpu);
  }
  return recorded;
}

/** Whether something is recorded that the host wants to be told of. */
export function isNotifying(state: PostedState): boolean {
  return state.vms.some(
    (posts, vm) =>
      posts !== null && posts.notify !== 0n && (posts.notify & recordedFor(state, vm)) !== 0n,
  );
}

/** Whether the vCPU that a hart runs has a virtual IPI recorded. */
export function hasIpi(state: PostedState, hart: number): boolean {
  const { vm, vcpu } = state.loaded[hart] ?? { vm: 0, vcpu: NO_VCPU };
  return vcpuPosts(state, vm, vcpu)?.ipi === true;
}

/** Hands recorded virtual IPIs over to harts, one cycle each; a hart latches them when its line rises. */
export function deliver(draft: PostedState): void {
  for (const [hart, { vm, vcpu }] of draft.loaded.entries()) {
    const posts = vcpuPosts(draft, vm, vcpu);
    const isDelivered = draft.delivering[hart] !== true && posts?.ipi === true;
    draft.delivering[hart] = isDelivered;
    if (isDelivered) posts.ipi = false;
  }
}
