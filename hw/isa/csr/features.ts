import type { Extension } from '../instructions/selection.ts';

/**
 * Rules of DV-Ext that decide what its CSRs hold and who reaches them. `hw/dv-ext` lists the values, their defaults per
 * profile and why each exists; the CSR rows only consult them.
 */
export interface DvCsrRules {
  /** Who reaches the HU, HUVS and user CSRs: `enabled` asks `hstatus.HU` and refuses guests. */
  readonly access: 'enabled' | 'predicates' | 'open';
  /** Who may write `hugatp`. */
  readonly hugatp: 'hs-only' | 'hu';
  /** Which bits of `hustatus` are registers of their own. */
  readonly hustatus: 'split' | 'spv' | 'separate';
  /** Whether `hucounteren`, `hutimedelta` and `hugatp` are the H registers or words of their own. */
  readonly views: 'shared' | 'separate';
  /** Whether `hutval` and `hutinst` are registers of their own or `htval` and `htinst`. */
  readonly exitValues: 'own' | 'shared';
  /** What `hutinst` is. */
  readonly hutinst: 'register' | 'zero' | 'absent';
  /** Which exceptions `sedeleg` can hold. */
  readonly sedeleg: 'exits' | 'exits-and-misaligned' | 'any';
  /** Whether access faults and the posting fault can be delegated out of M. */
  readonly medeleg: 'all' | 'without-access-faults';
  /** Which user interrupts are behind `huie`, `huip` and `huvip`: those that `sideleg` delegates, all, or what the QEMU fork's masks let through. */
  readonly userInterrupts: 'delegated' | 'all' | 'fork-masks';
  /** Whether `VSEIP` can be written through `hvip` and `huvip`. */
  readonly vseip: 'writable' | 'read-only';
  /** Whether a set or clear of a pending view stores the live lines that it read. */
  readonly lines: 'live' | 'sticky';
  /** Whether `h_vmid` exists. */
  readonly vmid: 'register' | 'absent';
  /** Whether `htimedelta` exists and reading `time` in a guest adds it. */
  readonly guestTime: 'delta' | 'raw';
  /** Where the guest timer lives: CSRs, or registers of the interrupt controller. */
  readonly 'vtimer.registers': 'csr' | 'clint';
  /** How a guest sets its timer: by an exit to its hypervisor, or through `stimecmp`. */
  readonly 'vtimer.set': 'exit' | 'direct';
  /** Whether `vtimectl` names the interrupt it raises. */
  readonly 'vtimer.control': 'enable' | 'enable-and-number';
  /** How virtual interrupts are posted. */
  readonly 'posting.interface': 'vitr' | 'instructions' | 'csrs' | 'none';
  /** Who may post through `hu_vitr`. */
  readonly 'posting.writers': 'hu-and-vs' | 'hu';
  /** Whether the read-only views `ustatus`, `uie` and `uip` exist. */
  readonly userViews: 'present' | 'absent';
}

/** What a hart has, as far as its CSRs depend on it. */
export interface CsrFeatures {
  readonly hartId: number;
  /** Letters of the implemented extensions and modes in lower case, such as `imacsuh`. */
  readonly extensions: string;
  /** Implemented extensions whose names have several letters, such as `sv48`. */
  readonly named: ReadonlySet<Extension>;
  /** Implemented bits of `satp.ASID`, at most 16. */
  readonly asidBits: number;
  /** Implemented bits of `hgatp.VMID` and of `h_vmid`, at most 14. */
  readonly vmidBits: number;
  /** Guest external interrupts (GEILEN), at most 63. */
  readonly guestInterruptCount: number;
  /** PMP entries, at most 16; the addresses of absent ones are not implemented. */
  readonly pmpEntryCount: number;
  /** PMP grain as a power of two: 12 for the 4 KiB of `rocket`, 2 for the base specification's smallest. */
  readonly pmpGrainShift: number;
  /** Whether PMP entries have the V bit that makes them PMC ranges. */
  readonly pmpVirtual: boolean;
  /** Alignment in bytes that a vectored trap-vector base is forced to. */
  readonly vectoredAlignment: 4 | 256;
  /** Whether the hart is wired to a posted-interrupt unit. */
  readonly hasPostedInterrupts?: boolean;
  /** The DV-Ext rules; absent on a plain H-extension hart. */
  readonly dv: DvCsrRules | undefined;
}

/** Whether a hart implements the extension or mode of a letter. */
export function hasExtension(features: CsrFeatures, letter: string): boolean {
  return features.extensions.includes(letter);
}
