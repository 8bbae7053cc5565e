import { tlbEntry, tlbFlag, tlbKey } from '../../engine/index.ts';
import { PAGE_BYTES } from '../../isa/index.ts';

const WORD = Int32Array.BYTES_PER_ELEMENT;
const NUMBER = Float64Array.BYTES_PER_ELEMENT;
const WORDS = tlbEntry.bytes / WORD;
const NUMBERS = tlbEntry.bytes / NUMBER;
const PHYSICAL_PAGE = tlbEntry.physicalPage / NUMBER;
const GUEST_PAGE = tlbEntry.guestPage / NUMBER;
/** Places of the words. */
const MEMORY_OFFSET = tlbEntry.memoryOffset / WORD;
const ALLOWED = tlbEntry.allowed / WORD;
const PERMISSION_CODE = tlbEntry.permissionCode / WORD;
const PROTECTION = tlbEntry.protection / WORD;
const ASID = tlbEntry.asid / WORD;
const VMID = tlbEntry.vmid / WORD;
const STAGE1_BITS = tlbEntry.stage1Bits / WORD;
const STAGE2_BITS = tlbEntry.stage2Bits / WORD;
const STAGE1_SHIFT = tlbEntry.stage1Shift / WORD;
const LEAF_COUNT = tlbEntry.leafCount / WORD;
const FLAGS = tlbEntry.flags / WORD;

/** Numbers of an entry's key, page and label, which lie apart so that a search looks at nothing else. */
export const KEY_NUMBERS = tlbKey.bytes / NUMBER;
const NOTHING = -1;

/** Where the entries of a TLB are kept. */
export interface TlbMemory {
  readonly words: Int32Array;
  readonly numbers: Float64Array;
  /** By entry: virtual page number, 52 bits, negative while it holds nothing; and label. */
  readonly keys: Float64Array;
}

/** What a walk found, as far as an entry keeps it. */
export interface FoundWalk {
  /** Physical page number of the 4 KiB page. */
  readonly page: number;
  readonly guestPage: number;
  /** Low 8 bits of the leaf entries of both stages. */
  readonly stage1Bits: number;
  readonly stage2Bits: number;
  readonly stage1Shift: number;
  readonly isGlobal: boolean;
  readonly leafCount: number;
}

/** For whom that was, as far as an entry keeps it. */
export interface WalkedSpace {
  readonly virtual: boolean;
  readonly asid: number;
  readonly vmid: number;
  /** Something, unless stage 1 is bare. */
  readonly stage1: unknown;
}

/**
 * One cached translation of a 4 KiB page, with everything a hit needs to decide without a walk. Entries are used again: who
 * keeps one lets go of it when the TLB announces its end.
 */
export class TlbEntry {
  /** Its place in the TLB. */
  readonly index: number;
  readonly #memory: TlbMemory;

  constructor(index: number, memory: TlbMemory) {
    this.index = index;
    this.#memory = memory;
  }

  /** Virtual page number, 52 bits; negative while the entry holds nothing. */
  get page(): number {
    return this.#memory.keys[this.index * KEY_NUMBERS] ?? NOTHING;
  }

  /** The regime's label: kind, ASID and VMID. */
  get tag(): number {
    return this.#memory.keys[this.index * KEY_NUMBERS + 1] ?? 0;
  }

  /** Physical address of the frame. */
  get frame(): number {
    return this.physicalPage * PAGE_BYTES;
  }
  get physicalPage(): number {
    return this.#number(PHYSICAL_PAGE);
  }
  get guestPage(): number {
    return this.#number(GUEST_PAGE);
  }
  /** Where the frame sits in the machine's memory; negative when it is not wholly RAM. */
  get memoryOffset(): number {
    const offset = this.#word(MEMORY_OFFSET);
    return offset === NOTHING ? NOTHING : offset >>> 0;
  }
  get virtual(): boolean {
    return (this.#word(FLAGS) & tlbFlag.virtual) !== 0;
  }
  get asid(): number {
    return this.#word(ASID);
  }
  get vmid(): number {
    return this.#word(VMID);
  }
  get global(): boolean {
    return (this.#word(FLAGS) & tlbFlag.global) !== 0;
  }
  get hasStage1(): boolean {
    return (this.#word(FLAGS) & tlbFlag.hasStage1) !== 0;
  }
  get stage1Bits(): number {
    return this.#word(STAGE1_BITS);
  }
  get stage2Bits(): number {
    return this.#word(STAGE2_BITS);
  }
  get stage1Shift(): number {
    return this.#word(STAGE1_SHIFT);
  }
  /** How many leaves of stage 2 it depends on. */
  get leafCount(): number {
    return this.#word(LEAF_COUNT);
  }
  /** `permissionCode` of the regime and generation of the protection for which `allowed` holds. */
  get permissionCode(): number {
    return this.#word(PERMISSION_CODE);
  }
  get protection(): number {
    return this.#word(PROTECTION);
  }
  /** Set of `Need` bits that a hit may use directly. */
  get allowed(): number {
    return this.#word(ALLOWED);
  }

  /** Holds what a walk found from now on; what a hit may do is worked out when it is used. */
  hold(walk: FoundWalk, space: WalkedSpace, memoryOffset: number): void {
    const { numbers, words } = this.#memory;
    const number = this.index * NUMBERS;
    numbers[number + PHYSICAL_PAGE] = walk.page;
    numbers[number + GUEST_PAGE] = walk.guestPage;
    const word = this.index * WORDS;
    words[word + MEMORY_OFFSET] = memoryOffset;
    words[word + ASID] = space.asid;
    words[word + VMID] = space.vmid;
    words[word + STAGE1_BITS] = walk.stage1Bits;
    words[word + STAGE2_BITS] = walk.stage2Bits;
    words[word + STAGE1_SHIFT] = walk.stage1Shift;
    words[word + LEAF_COUNT] = walk.leafCount;
    words[word + FLAGS] =
      (space.virtual ? tlbFlag.virtual : 0) |
      (walk.isGlobal ? tlbFlag.global : 0) |
      (space.stage1 === undefined ? 0 : tlbFlag.hasStage1);
    words[word + PROTECTION] = NOTHING;
  }

  /** Notes what a hit may do, for a `permissionCode` and a generation of the protection. */
  allow(needs: number, permissionCode: number, protection: number): void {
    const { words } = this.#memory;
    const word = this.index * WORDS;
    words[word + ALLOWED] = needs;
    words[word + PERMISSION_CODE] = permissionCode;
    words[word + PROTECTION] = protection;
  }

  #number(place: number): number {
    return this.#memory.numbers[this.index * NUMBERS + place] ?? 0;
  }

  #word(place: number): number {
    return this.#memory.words[this.index * WORDS + place] ?? 0;
  }
}
