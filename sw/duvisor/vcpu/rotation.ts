import { lw } from '../../shared/rv.ts';
import { Timespec } from '../../shared/syscalls.ts';
import { allowedHarts, restrictThread } from '../../vmm/host.ts';
import { rotationPeriod, vcpuCount } from '../../vmm/options.ts';
import { Vcpu, vcpuAt } from './vcpu.ts';

const MILLISECOND: u64 = 1_000_000;
const MILLISECONDS: u64 = 1000;

const period: usize = memory.data(offsetof<Timespec>(), 8);

/** How long to wait before the vCPUs move on; null = they stay where they are. */
export function timeToRotation(): Timespec | null {
  if (rotationPeriod == 0) return null;
  const time = changetype<Timespec>(period);
  time.seconds = <i64>(rotationPeriod / MILLISECONDS);
  time.nanoseconds = <i64>((rotationPeriod % MILLISECONDS) * MILLISECOND);
  return time;
}

function nextHart(present: u64, harts: u64): u64 {
  const above = harts & ~(present | (present - 1));
  const candidates = above != 0 ? above : harts;
  return candidates & (0 - candidates);
}

/** Moves every vCPU to the next hart; each leaves its guest for that, wherever it is. */
export function rotate(): void {
  if (rotationPeriod == 0) return;
  const harts = allowedHarts();
  for (let index: u64 = 0; index < vcpuCount; index++) {
    const vcpu: Vcpu = vcpuAt(index);
    const thread = lw(changetype<usize>(vcpu) + offsetof<Vcpu>('threadId'), 0);
    if (thread == 0 || vcpu.affinity == 0) continue;
    vcpu.affinity = nextHart(vcpu.affinity, harts);
    restrictThread(<u64>thread, changetype<usize>(vcpu) + offsetof<Vcpu>('affinity'));
  }
}
