import {
  henvcfg,
  hgatp,
  hstatus,
  hugatp,
  hustatus,
  hVmid,
  menvcfg,
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
import type { FieldPort, RegisterPort } from './csr-port.ts';
import type { TranslationState } from './mmu/index.ts';

/** Set in a label whose VM id comes from `h_vmid`, so that it cannot be taken for one of `hgatp`. */
const FROM_H_VMID = 0x4000;

/** The wires from the CSRs and the mode to address translation: what it depends on, as it is now. */
export class TranslationWires implements TranslationState {
  readonly mstatus: RegisterPort;
  readonly vsstatus: RegisterPort;
  readonly satp: RegisterPort;
  readonly vsatp: RegisterPort;
  readonly #state: HartState;
  readonly #hasDv: boolean;
  readonly #hu: FieldPort;
  readonly #spvp: FieldPort;
  readonly #handlerSpvp: FieldPort;
  readonly #hgatp: RegisterPort;
  /** Stage 2 while `hstatus.HU` is set. */
  readonly #handlerGatp: RegisterPort;
  readonly #hgatpVmid: FieldPort;
  readonly #hVmid: FieldPort | undefined;
  /** ADUE of `menvcfg` and `henvcfg`, on a hart with Svadu. */
  readonly #hostAdue: FieldPort | undefined;
  readonly #guestAdue: FieldPort | undefined;

  constructor(state: HartState, csrs: CsrFile) {
    const { dv, named } = csrs.features;
    this.#state = state;
    this.mstatus = csrs.registerPort(mstatus);
    this.vsstatus = csrs.registerPort(vsstatus);
    this.satp = csrs.registerPort(satp);
    this.vsatp = csrs.registerPort(vsatp);
    this.#hasDv = dv !== undefined;
    this.#hu = csrs.fieldPort(hstatus, 'hu');
    this.#spvp = csrs.fieldPort(hstatus, 'spvp');
    this.#handlerSpvp = csrs.fieldPort(hustatus, 'spvp');
    this.#hgatp = csrs.registerPort(hgatp);
    this.#handlerGatp = dv?.views === 'separate' ? csrs.registerPort(hugatp) : this.#hgatp;
    this.#hgatpVmid = csrs.fieldPort(hgatp, 'vmid');
    this.#hVmid = csrs.has(hVmid) ? csrs.fieldPort(hVmid, 'vmid') : undefined;
    const hasSvadu = named.has('svadu');
    this.#hostAdue = hasSvadu ? csrs.fieldPort(menvcfg, 'adue') : undefined;
    this.#guestAdue = hasSvadu ? csrs.fieldPort(henvcfg, 'adue') : undefined;
  }

  get privilege(): number {
    return this.#state.privilege;
  }

  get virtual(): boolean {
    return this.#state.virtual;
  }

  get hgatp(): RegisterPort {
    return this.#isDelegated() ? this.#handlerGatp : this.#hgatp;
  }

  get vmid(): number {
    return this.#hVmid !== undefined && this.#isDelegated()
      ? FROM_H_VMID | this.#hVmid.value
      : this.#hgatpVmid.value;
  }

  get guestIsSupervisor(): boolean {
    // From U, HLV looks at the exit handler's own record of the guest's level (duvisor 2.5).
    const isHandler = this.#hasDv && this.privilege === Privilege.U && !this.virtual;
    return (isHandler ? this.#handlerSpvp : this.#spvp).isSet;
  }

  get hostRecords(): boolean {
    return this.#hostAdue?.isSet === true;
  }

  get guestRecords(): boolean {
    return this.hostRecords && this.#guestAdue?.isSet === true;
  }

  /** Whether an exit handler in U mode is the guest's hypervisor: `hstatus.HU` on a hart with DV-Ext. */
  #isDelegated(): boolean {
    return this.#hasDv && this.#hu.isSet;
  }
}

/** The number of a virtual machine, from the label of its translations. */
export function vmNumber(label: number): number {
  return label & ~FROM_H_VMID;
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
