import { Registers } from '../../shared/registers.ts';
import { sym_addr } from '../../shared/rv.ts';
import { VcpuState } from '../../dv-driver/vcpu-state.ts';
import { KvmVcpu } from '../../kvm/vcpu/vcpu.ts';
import { Hart } from '../hart.ts';
import { Process } from './process.ts';

/** Most threads of all processes together. */
export const THREAD_CAPACITY: u64 = 64;

/** Rows that were ever in use: searches need not look further. */
export let threadLimit: u64 = 0;

/** Notes that a row is in use. */
export function noteThreadRow(index: u64): void {
  if (index >= threadLimit) threadLimit = index + 1;
}

/** States of a thread: the row is free; waits for its hart; on its hart; waits for a wake-up or a time. */
export const THREAD_FREE: u64 = 0;
export const THREAD_READY: u64 = 1;
export const THREAD_RUNNING: u64 = 2;
export const THREAD_WAITING: u64 = 3;

/** No deadline. */
export const FOREVER: u64 = 0xffff_ffff_ffff_ffff;

/**
 * One thread. It starts with its user registers, which the trap vector saves here: sscratch points to the thread while it runs. As
 * a system call that waits sets the result for the wake-up beforehand, a thread has no kernel stack of its own.
 */
@unmanaged
export class Thread extends Registers {
  /** sepc: where sret goes. */
  pc: u64;
  /** sstatus: what sret uses. */
  status: u64;
  /** The hart the thread belongs to; it runs nowhere else, until its affinity changes. */
  hart: Hart;
  /** The hart that runs it, while it is THREAD_RUNNING. */
  runsOn: Hart;
  /** Thread id. */
  id: u64;
  /** THREAD_*. */
  state: u64;
  process: Process;
  /** Harts the thread may use, one bit each. */
  affinity: u64;
  /** Time that ends a wait, or FOREVER. */
  deadline: u64;
  /** Physical address of the futex it waits for, or 0. */
  futex: usize;
  /** a0 if the deadline ends the wait. */
  timeoutResult: i64;
  /** User address to clear and wake at the thread's end, or 0. */
  clearAtEnd: usize;
  /** DV-Ext state when the thread is a vCPU, else null. */
  vcpu: VcpuState | null;
  /** The vCPU of the in-kernel hypervisor that it runs just now, else null. */
  kvm: KvmVcpu | null;
}

/** Row `index` of the thread table. */
export function threadAt(index: u64): Thread {
  return changetype<Thread>(sym_addr('threads') + index * offsetof<Thread>());
}

/** The thread with an id, or null. */
export function threadById(id: u64): Thread | null {
  for (let i: u64 = 0; i < threadLimit; i++) {
    const thread = threadAt(i);
    if (thread.state != THREAD_FREE && thread.id == id) return thread;
  }
  return null;
}
