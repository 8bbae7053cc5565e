import { TRANSLATION_BYTES } from '../../../hw/engine/index.ts';
import { AddressHalves } from '../../../hw/hart/address-halves.ts';
import {
  Mmu,
  type MmuFault,
  Need,
  type RegisterHalves,
  type TranslationState,
} from '../../../hw/hart/mmu/index.ts';
import { MachineMemory } from '../../../hw/kernel/index.ts';
import { Bus, Memory, ram } from '../../../hw/memory/index.ts';
import { paperPmc, plainPmp, Pmp, PmpConfig, type PmcOptions } from '../../../hw/pmc/index.ts';

/** Where RAM begins in these tests. */
export const RAM = 0x8000_0000;
const RAM_BYTES = 0x10_0000;
const SV39 = 8n << 60n;
const EVERYTHING = (1n << 54n) - 1n;
const OPEN = PmpConfig.read | PmpConfig.write | PmpConfig.execute | (3 << 3);

/** Low bits of a page-table entry that allows everything to U, or, without `user`, to S. */
export const Leaf = { user: 0xdfn, supervisor: 0xcfn, table: 0x01n } as const;

/** A failed access, as a value. */
class Failed extends Error {
  readonly fault: MmuFault;
  constructor(fault: MmuFault) {
    super(fault.kind);
    this.fault = fault;
  }
}

/** What a test sets of the state that decides the regimes: registers as one number. */
type Registers = {
  [Name in keyof TranslationState]: TranslationState[Name] extends RegisterHalves
    ? bigint
    : TranslationState[Name];
};

/** The registers as a translation unit sees them. */
function wired(registers: Registers): TranslationState {
  const halves = (name: 'mstatus' | 'vsstatus' | 'satp' | 'vsatp' | 'hgatp'): AddressHalves =>
    new AddressHalves().set(registers[name]);
  return {
    ...registers,
    mstatus: halves('mstatus'),
    vsstatus: halves('vsstatus'),
    satp: halves('satp'),
    vsatp: halves('vsatp'),
    hgatp: halves('hgatp'),
  };
}

/** A translation unit over a little RAM, with tables that a test fills. */
export class TranslationUnit {
  readonly pmp: Pmp;
  readonly mmu: Mmu;
  /** Walks that were made because nothing was cached: reads of stage 1 and of stage 2. */
  readonly walks: (readonly [number, number])[] = [];
  readonly #memory: Memory;
  #state: Registers = {
    privilege: 1,
    virtual: false,
    mstatus: 0n,
    vsstatus: 0n,
    satp: 0n,
    vsatp: 0n,
    hgatp: 0n,
    vmid: 0,
    guestIsSupervisor: true,
    hostRecords: false,
    guestRecords: false,
  };

  constructor(options: PmcOptions = plainPmp) {
    const machine = new MachineMemory([
      { name: 'ram', bytes: RAM_BYTES },
      { name: 'translation', bytes: TRANSLATION_BYTES },
    ]);
    this.#memory = new Memory(ram, { name: 'ram', base: RAM, machine, area: machine.area('ram') });
    const bus = new Bus();
    bus.mapMemory(this.#memory);
    this.pmp = new Pmp(options);
    this.pmp.program([OPEN], [EVERYTHING]);
    this.mmu = new Mmu(
      {
        memory: machine,
        memoryOffset: machine.area('translation').offset,
        bus,
        pmp: this.pmp,
        setBits: () => false,
        raise: (fault) => {
          throw new Failed(fault);
        },
        onWalk: (stage1, stage2) => {
          this.walks.push([stage1, stage2]);
        },
        walkTiming: {
          cycles: (stage1, stage2) => ({ stage1, stage2 }),
          ...{ stage1Leaf: 0, stage2Leaf: 0 },
        },
      },
      wired(this.#state),
    );
  }

  /** Changes modes or CSR values, as the hart would tell. */
  set(state: Partial<Registers>): void {
    this.#state = { ...this.#state, ...state };
    this.mmu.enter(wired(this.#state));
  }

  /** The value of `satp`, `vsatp` or `hgatp` for a root table. */
  root(table: number, id = 0n): bigint {
    return SV39 | (id << 44n) | BigInt(table / 4096);
  }

  /** Writes one entry of a table: a pointer or a leaf to `target`. */
  entry(table: number, index: number, target: number, bits: bigint): void {
    const entry = (BigInt(target / 4096) << 10n) | bits;
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, entry, true);
    this.#memory.load(table + index * 8, bytes);
  }

  /** Maps one 4 KiB page through tables at `root`, the next two pages after it (or after four of stage 2). */
  map(root: number, address: number, target: number, bits: bigint, rootPages = 1): void {
    const middle = root + rootPages * 4096;
    const last = middle + 4096;
    this.entry(root, Math.floor(address / 2 ** 30), middle, Leaf.table);
    this.entry(middle, Math.floor(address / 2 ** 21) % 512, last, Leaf.table);
    this.entry(last, Math.floor(address / 2 ** 12) % 512, target, bits);
  }

  /** The physical address of an access, or how it failed. */
  access(
    address: number | bigint,
    kind: 'load' | 'store' | 'fetch' | 'hlv' | 'hlvx' | 'hsv',
  ): number | MmuFault {
    const { fetch, data, guest } = this.mmu.regimes;
    const [need, regime] = {
      load: [Need.read, data] as const,
      store: [Need.write, data] as const,
      fetch: [Need.execute, fetch] as const,
      hlv: [Need.read, guest] as const,
      hlvx: [Need.readExecutable, guest] as const,
      hsv: [Need.write, guest] as const,
    }[kind];
    const bits = BigInt.asUintN(64, BigInt(address));
    const low = Number(bits & 0xffff_ffffn);
    try {
      const entry = this.mmu.resolve(Number(bits >> 32n), low, 4, need, regime);
      return entry.frame + (low & 4095);
    } catch (error) {
      if (error instanceof Failed) return error.fault;
      throw error;
    }
  }

  /** The kind of fault of an access, or `ok`. */
  outcome(address: number | bigint, kind: Parameters<TranslationUnit['access']>[1]): string {
    const result = this.access(address, kind);
    return typeof result === 'number' ? 'ok' : `${result.access} ${result.kind}`;
  }
}

/** A unit with physical memory checking, of which one guest range is granted besides what the host has. */
export function checkedUnit(
  options: Partial<PmcOptions>,
  low: number,
  high: number,
): TranslationUnit {
  const unit = new TranslationUnit({ ...paperPmc, ...options });
  grant(unit, low, high);
  return unit;
}

/** Programs a V entry for `low` to `high`, and one that lets the host at everything. */
export function grant(unit: TranslationUnit, low: number, high: number, permissions = 7): void {
  const tor = permissions | (1 << 3) | PmpConfig.v;
  unit.pmp.program([0, tor, OPEN], [BigInt(low / 4), BigInt(high / 4), EVERYTHING]);
}
