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

/** The state that decides the regimes: current mode and raw CSR values. */
export interface TranslationState {
  readonly privilege: number;
  readonly virtual: boolean;
  readonly mstatus: bigint;
  readonly vsstatus: bigint;
  readonly satp: bigint;
  readonly vsatp: bigint;
  readonly hgatp: bigint;
  /** Label of the current virtual machine's TLB entries. */
  readonly vmid: number;
  /** `SPVP` as HLV and HSV of the current mode see it: set is VS, clear is VU. */
  readonly guestIsSupervisor: boolean;
}

/** Limit of context keys. */
export const MOST_CONTEXTS = 256;
/** Fetch, data and guest. */
const REGIME_COUNT = 3;

const MPRV = 1n << 17n;
const SUM = 1n << 18n;
const MXR = 1n << 19n;
const MPV = 1n << 39n;
const MPP_SHIFT = 11n;
const PPN_MASK = (1n << 44n) - 1n;
const ASID_SHIFT = 44n;
const ASID_MASK = 0xffffn;
const MODE_SHIFT = 60n;
/** The root table of stage 2 is four pages, aligned to its size (priv 18.5.1). */
const STAGE2_ROOT_MASK = PPN_MASK & ~3n;

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
    tag: 0,
    globalTag: 0,
    permissionCode: 0,
    contextKey: 0,
  };
}

const MACHINE = machineRegime();

const PERMISSION_CODES = 32;

/** The context keys given out, which are all smaller than `MOST_CONTEXTS`. */
export class ContextKeys {
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

/** The regime of an access with the given effective privilege and V. */
function regimeOf(
  state: TranslationState,
  keys: ContextKeys,
  privilege: number,
  virtual: boolean,
): Regime {
  if (privilege === Privilege.M) return MACHINE;
  const user = privilege === Privilege.U;
  const root1 = virtual ? state.vsatp : state.satp;
  const scheme1 = stage1Scheme(root1 >> MODE_SHIFT);
  const scheme2 = virtual ? stage2Scheme(state.hgatp >> MODE_SHIFT) : undefined;
  const hasStage1 = scheme1 !== undefined;
  const hasStage2 = scheme2 !== undefined;
  const asid = hasStage1 ? Number((root1 >> ASID_SHIFT) & ASID_MASK) : 0;
  const vmid = virtual ? state.vmid : 0;
  const status = virtual ? state.vsstatus : state.mstatus;
  const sum = (status & SUM) !== 0n;
  const stage2Mxr = (state.mstatus & MXR) !== 0n;
  const stage1Mxr = stage2Mxr || (virtual && (state.vsstatus & MXR) !== 0n);
  const permissionCode =
    1 + (user ? 1 : 0) + (sum ? 2 : 0) + (stage1Mxr ? 4 : 0) + (stage2Mxr ? 8 : 0);
  const kind = virtual ? 4 + (hasStage1 ? 1 : 0) + (hasStage2 ? 2 : 0) : hasStage1 ? 2 : 1;
  const tag = tagOf(kind, asid, vmid);
  return {
    machine: false,
    virtual,
    user,
    stage1: hasStage1 ? { scheme: scheme1, root: Number(root1 & PPN_MASK) } : undefined,
    stage2: hasStage2
      ? { scheme: scheme2, root: Number(state.hgatp & STAGE2_ROOT_MASK) }
      : undefined,
    asid,
    vmid,
    sum,
    stage1Mxr,
    stage2Mxr,
    tag,
    globalTag: tagOf(kind, EVERY_ASID, vmid),
    permissionCode,
    contextKey: keys.keyOf(tag, permissionCode),
  };
}

/** The regimes of fetches, data accesses and accesses on behalf of the guest. */
export function regimesOf(state: TranslationState, keys: ContextKeys): Regimes {
  const fetch = regimeOf(state, keys, state.privilege, state.virtual);
  const modified = (state.mstatus & MPRV) !== 0n;
  const previous = Number((state.mstatus >> MPP_SHIFT) & 3n);
  // MPV matters only if MPP is not M: an M-mode access is never virtual (priv 18.4.1).
  const data = modified
    ? regimeOf(state, keys, previous, previous !== Privilege.M && (state.mstatus & MPV) !== 0n)
    : fetch;
  const guestPrivilege = state.guestIsSupervisor ? Privilege.S : Privilege.U;
  return { fetch, data, guest: regimeOf(state, keys, guestPrivilege, true) };
}
