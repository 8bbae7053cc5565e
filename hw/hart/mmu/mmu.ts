import type { BusPort } from '../../kernel/index.ts';
import { type Pmp, PmpConfig } from '../../pmc/index.ts';
import { type AccessKind, type FaultKind } from './access.ts';
import {
  accessedAndDirty,
  leafAllows,
  type Translation,
  userBitAllows,
  walk,
  type WalkFault,
} from './page-walker.ts';
import {
  ContextKeys,
  type Regime,
  type Regimes,
  regimesOf,
  type TranslationState,
} from './regime.ts';
import { Tlb, type TlbEntry } from './tlb.ts';

/** What an access needs of a page; the values are bits of `TlbEntry.allowed`. */
export const Need = { read: 1, write: 2, execute: 4, readExecutable: 8 } as const;

/** One of the needs. */
export type Need = (typeof Need)[keyof typeof Need];

/** A failed access, as the trap will describe it. */
export interface MmuFault {
  readonly kind: FaultKind;
  readonly access: AccessKind;
  /** The virtual address that failed. */
  readonly address: bigint;
  /** That address is a guest's: `GVA` (priv 18.2.1). */
  readonly isGuestVirtual: boolean;
  /** For guest-page faults and refusals of physical memory checking. */
  readonly guestAddress: bigint | undefined;
  /** A guest-page fault of a read of a VS-stage table. */
  readonly implicit: boolean;
}

/** What the translation unit is wired to. */
export interface MmuPorts {
  readonly bus: BusPort;
  readonly pmp: Pmp;
  /** Raises the trap; does not return. */
  readonly raise: (fault: MmuFault) => never;
  /** Told of the table reads of each walk that was made because nothing was cached. */
  readonly onWalk: (stage1Reads: number, stage2Reads: number) => void;
}

const PAGE_BYTES = 4096;
const PTE_BYTES = 8;
const HIGH_PAGES = 2 ** 20;
const ALL_NEEDS: readonly Need[] = [Need.read, Need.write, Need.execute, Need.readExecutable];

const accessOf: Readonly<Record<Need, AccessKind>> = {
  [Need.read]: 'load',
  [Need.write]: 'store',
  [Need.execute]: 'fetch',
  [Need.readExecutable]: 'load',
};

/** What protection must grant; HLVX still needs R of physical memory protection (priv 18.3.1). */
const protectionOf: Readonly<Record<Need, number>> = {
  [Need.read]: PmpConfig.read,
  [Need.write]: PmpConfig.write,
  [Need.execute]: PmpConfig.execute,
  [Need.readExecutable]: PmpConfig.read,
};

/** Address translation and protection of one hart: regimes, TLB, two-stage walker, physical memory protection. */
export class Mmu {
  readonly tlb = new Tlb();
  readonly #ports: MmuPorts;
  readonly #contexts = new ContextKeys();
  #regimes: Regimes;

  constructor(ports: MmuPorts, state: TranslationState) {
    this.#ports = ports;
    this.#regimes = regimesOf(state, this.#contexts);
  }

  /** The regimes in force. */
  get regimes(): Regimes {
    return this.#regimes;
  }

  /** Takes a new mode or new CSR values; no entry is dropped. */
  enter(state: TranslationState): void {
    if (this.#contexts.areShort) {
      this.#contexts.reset();
      this.tlb.onFlush?.();
    }
    this.#regimes = regimesOf(state, this.#contexts);
  }

  /**
   * The cached translation that an access would use, or `undefined` where `resolve` has work to do; changes nothing. A page
   * found holds for its regime's `contextKey` until the TLB announces its end or `pmp.generation` changes.
   */
  lookup(high: number, low: number, need: Need, regime: Regime): TlbEntry | undefined {
    const entry = this.#find(high * HIGH_PAGES + (low >>> 12), regime);
    return entry !== undefined && this.#permits(entry, need, regime) ? entry : undefined;
  }

  /**
   * The translation of an access of `bytes` bytes inside one page, at the address `high`:`low` (unsigned halves).
   * Raises the trap if it may not be made.
   */
  resolve(high: number, low: number, bytes: number, need: Need, regime: Regime): TlbEntry {
    const page = high * HIGH_PAGES + (low >>> 12);
    const entry = this.#find(page, regime);
    if (entry !== undefined && this.#permits(entry, need, regime)) return entry;
    return this.#resolveSlowly(entry, page, low & (PAGE_BYTES - 1), bytes, need, regime);
  }

  #find(page: number, regime: Regime): TlbEntry | undefined {
    return this.tlb.find(page, regime.tag) ?? this.tlb.find(page, regime.globalTag);
  }

  #permits(entry: TlbEntry, need: Need, regime: Regime): boolean {
    return (
      (entry.allowed & need) !== 0 &&
      entry.permissionCode === regime.permissionCode &&
      entry.protection === this.#ports.pmp.generation
    );
  }

  #resolveSlowly(
    cached: TlbEntry | undefined,
    page: number,
    offset: number,
    bytes: number,
    need: Need,
    regime: Regime,
  ): TlbEntry {
    const address = (BigInt(page) << 12n) | BigInt(offset);
    if (cached !== undefined && stagesAllow(cached, need, regime)) {
      return this.#protect(cached, address, bytes, need, regime);
    }
    const request = {
      address,
      access: accessOf[need],
      executeAsRead: need === Need.readExecutable,
      stage1: regime.stage1,
      stage2: regime.stage2,
      user: regime.user,
      sum: regime.sum,
      stage1Mxr: regime.stage1Mxr,
      stage2Mxr: regime.stage2Mxr,
    };
    let refused = false;
    const result = walk(request, (entry) => {
      const value = this.#readEntry(entry, regime);
      refused ||= value === 'refused';
      return value === 'refused' ? undefined : value;
    });
    if (cached === undefined || result.ok) this.#countReads(result);
    if (!result.ok) return this.#raiseWalkFault(result, address, need, regime, refused);
    const entry = this.#entryOf(page, result, regime);
    // The tables have changed since, and the page is global no more, or only now.
    if (cached !== undefined && cached.tag !== entry.tag) this.tlb.drop(cached);
    this.tlb.insert(entry);
    return this.#protect(entry, address, bytes, need, regime);
  }

  #countReads({ stage1Reads, stage2Reads }: Translation | WalkFault): void {
    if (stage1Reads + stage2Reads > 0) this.#ports.onWalk(stage1Reads, stage2Reads);
  }

  #raiseWalkFault(
    fault: WalkFault,
    address: bigint,
    need: Need,
    regime: Regime,
    refused: boolean,
  ): never {
    const { kind, guestAddress, implicit } = fault;
    return this.#ports.raise({
      kind,
      access: accessOf[need],
      address,
      isGuestVirtual: regime.virtual,
      guestAddress:
        kind === 'guestPage' || this.#isMemoryCheck(refused, regime) ? guestAddress : undefined,
      implicit: kind === 'guestPage' && implicit,
    });
  }

  /** Whether a refusal is physical memory checking's, whose handler wants the guest physical address. */
  #isMemoryCheck(refused: boolean, regime: Regime): boolean {
    return refused && regime.virtual && this.#ports.pmp.options.kind === 'ranges';
  }

  /** A read of the page walker: main memory only, with the protection of S mode and, if so configured, the V bit. */
  #readEntry(address: number, regime: Regime): bigint | 'refused' | undefined {
    const { pmp, bus } = this.#ports;
    const accessor = {
      machine: false,
      virtual: regime.virtual && pmp.options.walker === 'checked',
    };
    if ((pmp.permissions(address, PTE_BYTES, accessor) & PmpConfig.read) === 0) return 'refused';
    return bus.ram(address) === undefined ? undefined : bus.read(address, PTE_BYTES);
  }

  #entryOf(page: number, translation: Translation, regime: Regime): TlbEntry {
    const { frame, global, guestPage, stage1Bits, stage2Bits, stage1Shift, stage2Leaves } =
      translation;
    const window = frame <= Number.MAX_SAFE_INTEGER ? this.#ports.bus.ram(frame) : undefined;
    const isRam = window?.isWritable === true && frame + PAGE_BYTES <= window.base + window.size;
    return {
      page,
      tag: global ? regime.globalTag : regime.tag,
      virtual: regime.virtual,
      asid: regime.asid,
      vmid: regime.vmid,
      global,
      hasStage1: regime.stage1 !== undefined,
      frame,
      guestPage,
      stage1Bits,
      stage2Bits,
      stage1Shift,
      stage2Leaves,
      memoryOffset: isRam ? window.offset + (frame - window.base) : -1,
      permissionCode: -1,
      protection: -1,
      allowed: 0,
    };
  }

  /** Applies memory protection to an entry whose tables allow the access. */
  #protect(entry: TlbEntry, address: bigint, bytes: number, need: Need, regime: Regime): TlbEntry {
    const { pmp } = this.#ports;
    const outside = entry.frame > Number.MAX_SAFE_INTEGER;
    const whole = outside ? 0 : pmp.pagePermissions(entry.frame, regime);
    entry.permissionCode = regime.permissionCode;
    entry.protection = pmp.generation;
    entry.allowed = whole === undefined ? 0 : allowedNeeds(entry, regime, whole);
    const physical = entry.frame + Number(address & BigInt(PAGE_BYTES - 1));
    const permissions = whole ?? pmp.permissions(physical, bytes, regime);
    if ((permissions & protectionOf[need]) !== 0) return entry;
    const guestAddress = (BigInt(entry.guestPage) << 12n) | (address & BigInt(PAGE_BYTES - 1));
    return this.#ports.raise({
      kind: 'access',
      access: accessOf[need],
      address,
      isGuestVirtual: regime.virtual,
      guestAddress: this.#isMemoryCheck(!outside, regime) ? guestAddress : undefined,
      implicit: false,
    });
  }
}

/** Whether the tables' permissions, as cached, allow an access. */
function stagesAllow(entry: TlbEntry, need: Need, regime: Regime): boolean {
  const access = accessOf[need];
  const executeAsRead = need === Need.readExecutable;
  const { stage1Bits, stage2Bits } = entry;
  return (
    (!entry.hasStage1 || userBitAllows(stage1Bits, access, regime.user, regime.sum)) &&
    leafAllows(stage1Bits, access, regime.stage1Mxr, executeAsRead) &&
    leafAllows(stage2Bits, access, regime.stage2Mxr, executeAsRead) &&
    accessedAndDirty(stage1Bits, access) &&
    accessedAndDirty(stage2Bits, access)
  );
}

function allowedNeeds(entry: TlbEntry, regime: Regime, permissions: number): number {
  let allowed = 0;
  for (const need of ALL_NEEDS) {
    if ((permissions & protectionOf[need]) !== 0 && stagesAllow(entry, need, regime)) {
      allowed |= need;
    }
  }
  return allowed;
}
