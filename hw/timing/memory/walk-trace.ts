/** More entries than any walk reads: Sv48 through Sv48x4 takes 24. */
const MOST_READS = 32;

/** What a walk reads, in order, and what it finds. */
export class WalkTrace {
  count = 0;
  /** Physical addresses of table entries. */
  readonly addresses = new Float64Array(MOST_READS);
  /** Set for entries that point to another table. */
  readonly pointers = new Uint8Array(MOST_READS);
  /** The stages that translate. */
  hasStage1 = false;
  hasStage2 = false;
  /** The access is a guest's. */
  isVirtual = false;
  /** Bits of page offset of the translation, the smaller of both stages. */
  shift = 0;
  isGlobal = false;
  /** Stage 2 lacks something of a guest that has stage 1, so that the trap reports where that is. */
  isGuestFault = false;
  /** All of that page is memory of one kind. */
  isUniform = true;
  /** Each stage has a page of 4 KiB, and the second, if there is one, permits everything: what an L2 TLB takes. */
  suitsL2Tlb = false;

  /** Begins a walk. */
  clear(): void {
    this.count = 0;
  }

  /** Notes a read. */
  add(address: number, isPointer: boolean): void {
    this.addresses[this.count] = address;
    this.pointers[this.count] = isPointer ? 1 : 0;
    this.count += 1;
  }
}
