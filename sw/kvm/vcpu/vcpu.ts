import { Registers } from '../../shared/registers.ts';
import { Hart } from '../../host/hart.ts';
import { Thread } from '../../host/process/thread.ts';
import { RunPage } from '../abi.ts';
import { KvmVm } from '../vm.ts';

/** Where a vCPU is: in no guest; in the guest or about to enter it, so that only a kick gets it out; its thread sleeps. */
export const OUTSIDE_GUEST: u64 = 0;
export const IN_GUEST: u64 = 1;
export const BLOCKED: u64 = 2;

/** What the process owes the guest when it runs a vCPU again. */
export const OWES_NOTHING: u64 = 0;
export const OWES_LOAD: u64 = 1;
export const OWES_SBI_ANSWER: u64 = 2;
export const OWES_FORWARDED: u64 = 3;

/**
 * What the world switch keeps of the kernel while the guest runs: 23 registers, though the calling convention would let it do with 14, and
 * five CSRs, as KVM does. The guest's registers come first, so that register n is the word at 8 n. `dv-ext 8.4`
 */
@unmanaged
export class SwitchContext extends Registers {
  hostRa: u64;
  hostSp: u64;
  hostGp: u64;
  hostTp: u64;
  hostS0: u64;
  hostS1: u64;
  hostA1: u64;
  hostA2: u64;
  hostA3: u64;
  hostA4: u64;
  hostA5: u64;
  hostA6: u64;
  hostA7: u64;
  hostS2: u64;
  hostS3: u64;
  hostS4: u64;
  hostS5: u64;
  hostS6: u64;
  hostS7: u64;
  hostS8: u64;
  hostS9: u64;
  hostS10: u64;
  hostS11: u64;
  hostSstatus: u64;
  hostHstatus: u64;
  hostScounteren: u64;
  hostSscratch: u64;
  hostStvec: u64;
  /** The guest's share of the CSRs that are swapped. */
  sepc: u64;
  sstatus: u64;
  hstatus: u64;
  scounteren: u64;
}

/** One virtual CPU; a page of its own. */
@unmanaged
export class KvmVcpu extends SwitchContext {
  vm: KvmVm;
  id: u64;
  /** As those of the VM. */
  isPosted: u64;
  capabilities: u64;
  /** The page that the process sees. */
  run: RunPage;
  runAddress: u64;
  /** The thread that runs it, null = none. */
  thread: Thread | null;
  /** The hart that holds its registers, and the one that did last; null = none. */
  hart: Hart | null;
  lastHart: Hart | null;
  /** OUTSIDE_GUEST, IN_GUEST or BLOCKED; the vCPU's own thread writes it. */
  mode: u64;
  /** Bits of requests.ts, changed by atomics only. */
  requests: u64;
  /** VS-level interrupts that are pending, and which of those bits the hart has not been told; atomics only. */
  pendingInterrupts: u64;
  changedInterrupts: u64;
  /** State of the guest's hart, SBI_HSM_STATE_*. */
  hartState: u64;
  /** Where hart_start lets it begin, and its a1. */
  startAddress: u64;
  startArgument: u64;
  /** OWES_*, and the load that waits for its value. */
  owed: u64;
  owedAccess: u64;
  owedBytes: u64;
  /** `time` of the machine at which the guest's timer interrupt comes. */
  timerDeadline: u64;
  /** Free pages for stage-2 tables. */
  spareTables: u64;
  spareTable0: usize;
  spareTable1: usize;
  spareTable2: usize;
  spareTable3: usize;
  /** What the trap out of the guest left. */
  scause: u64;
  stval: u64;
  htval: u64;
  htinst: u64;
  /** Registers that are the hart's while the vCPU is loaded. */
  vsstatus: u64;
  vsie: u64;
  vstvec: u64;
  vsscratch: u64;
  vsepc: u64;
  vscause: u64;
  vstval: u64;
  hvip: u64;
  vsatp: u64;
  /** A word of the guest's memory, on its way. */
  guestWord: u64;
  /** Exits so far. */
  exits: u64;
  /** 1 while the time belongs to the guest. */
  isGuestTime: u64;
  /** Registers of DV-Ext, of VMs with KVM_CAP_DV_STATE. */
  hustatus: u64;
  hutval: u64;
  utvec: u64;
  uscratch: u64;
  uepc: u64;
  ucause: u64;
  utval: u64;
  vtimecmp: u64;
  vtimectl: u64;
  sedeleg: u64;
  sideleg: u64;
}
