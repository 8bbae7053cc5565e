import { Privilege, stage1Scheme, stage2Scheme } from '../../isa/index.ts';
import type { TranslationTable } from './page-walker.ts';

/** How addresses of one kind of access are translated and checked now; changes only with CSRs and modes. */
export interface Regime {
  /** Effective privilege is M: no translation, memory protection by M's rules. */
  readonly machine: boolean;
  /** Effective V: two stages, guest-page faults, memory checking by the V bit. */
  readonly virtual: boolean;
  /** Effective privilege is U. */
  readonly user: boolean;
  /** The table of stage 1, `undefined` while it is bare. */
  readonly stage1: TranslationTable | undefined;
  /** The table of stage 2, `undefined` while it is bare or V=0. */
  readonly stage2: TranslationTable | undefined;
  readonly asid: number;
  readonly vmid: number;
  readonly sum: boolean;
  readonly stage1Mxr: boolean;
  readonly stage2Mxr: boolean;
  /** Hardware sets A and D in the tables of each stage (Svadu). */
  readonly stage1Records: boolean;
  readonly stage2Records: boolean;
  /** What TLB entries of this regime are labelled with, apart from the address. */
  readonly tag: number;
  /** The same for entries that are global, and so belong to every ASID. */
  readonly globalTag: number;
  /** Distinguishes regimes whose permission checks can differ on the same entry. */
  readonly permissionCode: number;
  /** Small number that two regimes share exactly if both codes agree: whose TLB hits, and so accesses, come out alike. */
  readonly contextKey: number;
}

/** The three regimes a hart uses side by side. */
export interface Regimes {
  readonly fetch: Regime;
  /** Explicit loads and stores, after MPRV (priv 3.1.6.3, priv 18.4.1). */
  readonly data: Regime;
  /** HLV, HLVX and HSV (priv 18.3). */
  readonly guest: Regime;
}

/** A register in unsigned halves. */
export interface RegisterHalves {
  /** Bits 31:0. */
  readonly low: number;
  /** Bits 63:32. */
  readonly high: number;
}

/** The state that decides the regimes: current mode and raw CSR values. */
export interface TranslationState {
  readonly privilege: number;
  readonly virtual: boolean;
  readonly mstatus: RegisterHalves;
  readonly vsstatus: RegisterHalves;
  readonly satp: RegisterHalves;
  readonly vsatp: RegisterHalves;
  readonly hgatp: RegisterHalves;
  /** Label of the current virtual machine's TLB entries. */
  readonly vmid: number;
  /** `SPVP` as HLV and HSV of the current mode see it: set is VS, clear is VU. */
  readonly guestIsSupervisor: boolean;
  /** Hardware sets A and D: `menvcfg.ADUE` for S and for stage 2, `henvcfg.ADUE` for the guest's own tables. */
  readonly hostRecords: boolean;
  readonly guestRecords: boolean;
}

/** Limit of context keys. */
export const MOST_CONTEXTS = 256;
/** Fetch, data and guest. */
const REGIME_COUNT = 3;

/** Where fields of the status registers begin; MPV is in the high half. */
const MPP_SHIFT = 11;
const MPRV_SHIFT = 17;
const SUM_SHIFT = 18;
const MPV_SHIFT = 39 - 32;
const STATUS_MPRV = 1 << MPRV_SHIFT;
const SUM = 1;
const MXR = 2;
/** SUM and MXR, shifted down. */
const PERMISSIONS = SUM | MXR;

/** Fields of the high half of the root registers: 12 bits of the root's page number, the ASID, the mode. */
const ROOT_HIGH_MASK = 0xfff;
const ROOT_HIGH_STEP = 2 ** 32;
const ASID_SHIFT = 44 - 32;
const ASID_MASK = 0xffff;
const MODE_SHIFT = 60 - 32;
/** The root table of stage 2 is four pages, aligned to its size (priv 18.5.1). */
const STAGE2_ROOT_MASK = ~3;

/** The ASID that labels global entries; one more than the largest. */
const EVERY_ASID = 0x1_0000;
const ASID_STEP = 8;
const VMID_STEP = 2 ** 20;

function tagOf(kind: number, asid: number, vmid: number): number {
  return kind + asid * ASID_STEP + vmid * VMID_STEP;
}

/** A regime without stage tables, for M mode. */
function machineRegime(): Regime {
  return {
    machine: true,
    virtual: false,
    user: false,
    stage1: undefined,
    stage2: undefined,
    asid: 0,
    vmid: 0,
    sum: false,
    stage1Mxr: false,
    stage2Mxr: false,
    stage1Records: false,
    stage2Records: false,
    tag: 0,
    globalTag: 0,
    permissionCode: 0,
    contextKey: 0,
  };
}

/** The regime of every access with M's rights. */
export const MACHINE = machineRegime();

const PERMISSION_CODES = 32;

/** The context keys given out, which are all smaller than `MOST_CONTEXTS`. */
class ContextKeys {
  readonly #keys = new Map<number, number>();

  /** Whether the next regimes might find no key left. */
  get areShort(): boolean {
    return this.#keys.size > MOST_CONTEXTS - REGIME_COUNT - 1;
  }

  /** The key of the regimes with a label and a permission code; 0 is M mode's. */
  keyOf(tag: number, permissionCode: number): number {
    const label = tag * PERMISSION_CODES + permissionCode;
    const known = this.#keys.get(label);
    if (known !== undefined) return known;
    const key = this.#keys.size + 1;
    this.#keys.set(label, key);
    return key;
  }

  /** Begins anew; what was kept under the old keys has to be forgotten. */
  reset(): void {
    this.#keys.clear();
  }
}

/** A root register taken apart. */
interface Root<Scheme> {
  readonly scheme: Scheme | undefined;
  readonly asid: number;
  /** Physical page number of the root, with the low bits as the register has them. */
  readonly page: number;
}

function rootOf<Scheme>(
  { high, low }: RegisterHalves,
  schemeOf: (mode: bigint) => Scheme,
): Root<Scheme> {
  return {
    scheme: schemeOf(BigInt(high >>> MODE_SHIFT)),
    asid: (high >>> ASID_SHIFT) & ASID_MASK,
    // The sum of nothing and a large number would not be a small integer, with which the walker is faster.
    page: (high & ROOT_HIGH_MASK) === 0 ? low : (high & ROOT_HIGH_MASK) * ROOT_HIGH_STEP + low,
  };
}

/** The regime of an access with the given effective privilege and V. */
function regimeOf(
  state: TranslationState,
  keys: ContextKeys,
  privilege: number,
  virtual: boolean,
): Regime {
  if (privilege === Privilege.M) return MACHINE;
  const user = privilege === Privilege.U;
  const first = rootOf(virtual ? state.vsatp : state.satp, stage1Scheme);
  const second = rootOf(state.hgatp, stage2Scheme);
  const stage1 = first.scheme && { scheme: first.scheme, root: first.page };
  const stage2 =
    virtual && second.scheme !== undefined
      ? { scheme: second.scheme, root: second.page - (second.page & ~STAGE2_ROOT_MASK) }
      : undefined;
  const asid = stage1 === undefined ? 0 : first.asid;
  const vmid = virtual ? state.vmid : 0;
  const machineStatus = state.mstatus.low >>> SUM_SHIFT;
  const guestStatus = virtual ? state.vsstatus.low >>> SUM_SHIFT : 0;
  const sum = ((virtual ? guestStatus : machineStatus) & SUM) !== 0;
  const stage2Mxr = (machineStatus & MXR) !== 0;
  const stage1Mxr = ((machineStatus | guestStatus) & MXR) !== 0;
  const permissionCode =
    1 + (user ? 1 : 0) + (sum ? 2 : 0) + (stage1Mxr ? 4 : 0) + (stage2Mxr ? 8 : 0);
  const kind = virtual
    ? 4 + (stage1 === undefined ? 0 : 1) + (stage2 === undefined ? 0 : 2)
    : stage1 === undefined
      ? 1
      : 2;
  const tag = tagOf(kind, asid, vmid);
  return {
    machine: false,
    virtual,
    user,
    stage1,
    stage2,
    asid,
    vmid,
    sum,
    stage1Mxr,
    stage2Mxr,
    stage1Records: virtual ? state.guestRecords : state.hostRecords,
    stage2Records: state.hostRecords,
    tag,
    globalTag: tagOf(kind, EVERY_ASID, vmid),
    permissionCode,
    contextKey: keys.keyOf(tag, permissionCode),
  };
}

/** The regimes of fetches, data accesses and accesses on behalf of the guest. */
function regimesOf(state: TranslationState, keys: ContextKeys): Regimes {
  const { mstatus } = state;
  const fetch = regimeOf(state, keys, state.privilege, state.virtual);
  const previous = (mstatus.low >>> MPP_SHIFT) & 3;
  const previousVirtual = ((mstatus.high >>> MPV_SHIFT) & 1) !== 0;
  // MPV matters only if MPP is not M: an M-mode access is never virtual (priv 18.4.1).
  const data =
    (mstatus.low & STATUS_MPRV) === 0
      ? fetch
      : regimeOf(state, keys, previous, previous !== Privilege.M && previousVirtual);
  const guestPrivilege = state.guestIsSupervisor ? Privilege.S : Privilege.U;
  return { fetch, data, guest: regimeOf(state, keys, guestPrivilege, true) };
}

/** Everything but the root registers that the regimes depend on, in one small number. */
function situationOf(state: TranslationState): number {
  const { privilege, virtual, mstatus, vsstatus, guestIsSupervisor } = state;
  const { hostRecords, guestRecords } = state;
  const { low } = mstatus;
  // MPP and MPV matter under MPRV alone, and change with every trap.
  const previous =
    (low & STATUS_MPRV) === 0
      ? 0
      : 1 | (((low >>> MPP_SHIFT) & 3) << 1) | (((mstatus.high >>> MPV_SHIFT) & 1) << 3);
  return (
    privilege |
    (virtual ? 1 << 2 : 0) |
    (guestIsSupervisor ? 1 << 3 : 0) |
    (((low >>> SUM_SHIFT) & PERMISSIONS) << 4) |
    (((vsstatus.low >>> SUM_SHIFT) & PERMISSIONS) << 6) |
    (previous << 8) |
    (hostRecords ? 1 << 12 : 0) |
    (guestRecords ? 1 << 13 : 0)
  );
}

/** SUM, MXR and what hardware records, among what `situationOf` says. */
const OPTIONS = (PERMISSIONS << 4) | (PERMISSIONS << 6) | (3 << 12);

/** A copy of a register, to see whether it changed. */
class Seen {
  #low = 0;
  #high = 0;

  /** Takes what a register holds now; whether that is something else. */
  changes({ low, high }: RegisterHalves): boolean {
    if (low === this.#low && high === this.#high) return false;
    this.#low = low;
    this.#high = high;
    return true;
  }
}

/** The regimes of one hart, made once for each situation that it is in while its root registers stay the same. */
export class RegimeTable {
  readonly #keys = new ContextKeys();
  readonly #known = new Map<number, Regimes>();
  readonly #satp = new Seen();
  readonly #vsatp = new Seen();
  readonly #hgatp = new Seen();
  readonly #onKeysReset: () => void;
  #vmid = 0;
  #options = 0;
  #environment = 0;

  /** Calls `onKeysReset` before context keys are given out for the second time. */
  constructor(onKeysReset: () => void) {
    this.#onKeysReset = onKeysReset;
  }

  /** The regimes of a state, of which the roots of tables may differ from the last one's: the same object for the same situation. */
  of(state: TranslationState, rootsMayDiffer = true): Regimes {
    if (rootsMayDiffer) this.#lookAround(state);
    const situation = situationOf(state);
    let regimes = this.#known.get(situation);
    if (regimes === undefined) {
      regimes = this.#make(state);
      this.#known.set(situation, regimes);
    }
    return regimes;
  }

  /** Another number whenever something may have changed that neither a mode nor MPRV and what belongs to it are. */
  get environment(): number {
    return this.#environment;
  }

  /** Takes roots of tables, and what else only writes to CSRs change. */
  #lookAround(state: TranslationState): void {
    const options = situationOf(state) & OPTIONS;
    const rootsChange = this.#rootsChange(state);
    if (rootsChange) this.#known.clear();
    if (!rootsChange && options === this.#options) return;
    this.#options = options;
    this.#environment += 1;
  }

  #rootsChange({ satp, vsatp, hgatp, vmid }: TranslationState): boolean {
    let change = vmid !== this.#vmid;
    this.#vmid = vmid;
    if (this.#satp.changes(satp)) change = true;
    if (this.#vsatp.changes(vsatp)) change = true;
    if (this.#hgatp.changes(hgatp)) change = true;
    return change;
  }

  #make(state: TranslationState): Regimes {
    if (this.#keys.areShort) {
      this.#keys.reset();
      this.#known.clear();
      this.#onKeysReset();
    }
    return regimesOf(state, this.#keys);
  }
}
