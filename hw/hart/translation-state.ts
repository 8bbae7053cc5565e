import {
  hgatp,
  hstatus,
  hugatp,
  hustatus,
  hVmid,
  mstatus,
  pmpaddrs,
  pmpConfiguration,
  Privilege,
  satp,
  vsatp,
  vsstatus,
} from '../isa/index.ts';
import type { HartState } from '../engine/index.ts';
import type { Pmp } from '../pmc/index.ts';
import type { CsrFile } from './csr-file.ts';
import type { TranslationState } from './mmu/index.ts';

/** Set in a label whose VM id comes from `h_vmid`, so that it cannot be taken for one of `hgatp`. */
const FROM_H_VMID = 0x4000;

/** Collects what address translation depends on from the CSRs and the mode. */
export function translationState(state: HartState, csrs: CsrFile): TranslationState {
  const { dv } = csrs.features;
  const { privilege, virtual } = state;
  const huEnabled = dv !== undefined && csrs.field(hstatus, 'hu') !== 0n;
  // From U, HLV looks at the exit handler's own record of the guest's level (duvisor 2.5).
  const isHandler = dv !== undefined && privilege === Privilege.U && !virtual;
  const spvp = isHandler ? csrs.field(hustatus, 'spvp') : csrs.field(hstatus, 'spvp');
  const stage2 = dv?.views === 'separate' && huEnabled ? hugatp : hgatp;
  return {
    privilege,
    virtual,
    mstatus: csrs.stored(mstatus),
    vsstatus: csrs.stored(vsstatus),
    satp: csrs.stored(satp),
    vsatp: csrs.stored(vsatp),
    hgatp: csrs.stored(stage2),
    vmid:
      huEnabled && csrs.has(hVmid)
        ? FROM_H_VMID | Number(csrs.field(hVmid, 'vmid'))
        : Number(csrs.field(hgatp, 'vmid')),
    guestIsSupervisor: spvp !== 0n,
  };
}

/** Programs physical memory protection from its CSRs. */
export function programPmp(pmp: Pmp, csrs: CsrFile): void {
  const read = csrs.stored.bind(csrs);
  const { pmpEntryCount } = csrs.features;
  const addresses = pmpaddrs.slice(0, pmpEntryCount);
  pmp.program(
    addresses.map((_, entry) => Number(pmpConfiguration(entry, read))),
    addresses.map((csr) => csrs.stored(csr)),
  );
}
