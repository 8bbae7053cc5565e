import { Vm } from './vm.ts';

/** The registers of a hart that belong to a vCPU: saved and restored when its thread leaves and gets the hart, at no other time. `duvisor 6.5` */
@unmanaged
export class VcpuState {
  /** The VM, null = this row is free. */
  vm: Vm | null;
  /** vCPU id within the VM. */
  id: u64;
  /** 1 when a USIP exit was asked for and has not been raised yet. */
  isKicked: u64;
  /** Residence record of the hart that had it last, 0 = none. */
  lastHart: usize;
  /** What the posted-interrupt unit is to tell of while the thread waits, 0 = nothing. */
  watched: u64;
  hstatus: u64;
  hustatus: u64;
  hcounteren: u64;
  htimedelta: u64;
  hutval: u64;
  hutinst: u64;
  hgatp: u64;
  hvip: u64;
  /** Enables of VS-level and delegated user interrupts. */
  huie: u64;
  /** Pending software bits among the user interrupts. */
  huip: u64;
  utvec: u64;
  uscratch: u64;
  uepc: u64;
  ucause: u64;
  utval: u64;
  /** What a supervisor allows its users; a guest's writes the very registers of the hart, since there is no copy for VS. */
  scounteren: u64;
  senvcfg: u64;
  vsstatus: u64;
  vstvec: u64;
  vsscratch: u64;
  vsepc: u64;
  vscause: u64;
  vstval: u64;
  vsatp: u64;
  vtimecmp: u64;
  vtimectl: u64;
}
