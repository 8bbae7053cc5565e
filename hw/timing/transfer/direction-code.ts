import type { PredictorPlace, TransferSite } from './frame.ts';

/**
 * The direction predictor as code: `BranchPredictor`'s table, and its history in a local while the function runs. The index
 * is made by exclusive or of the history's share, that of the page and that of the place in it, which is a constant.
 */
export class DirectionCode {
  readonly #place: PredictorPlace;
  readonly #history: number;
  readonly #pageShare: number | undefined;
  readonly #address: number;

  constructor(place: PredictorPlace) {
    this.#place = place;
    this.#history = place.code.local('i32');
    this.#address = place.code.local('i32');
    this.#pageShare = place.page === undefined ? undefined : place.code.local('i32');
  }

  /** Takes the history over from the hart's memory. */
  load(): void {
    const { code, hart, offset, layout, page } = this.#place;
    code.get(hart);
    code.load('i32.load', offset + layout.history);
    code.set(this.#history);
    if (page === undefined || this.#pageShare === undefined) return;
    this.#pushShare(() => {
      code.get(page);
    });
    code.set(this.#pageShare);
  }

  /** Hands it back. */
  save(): void {
    const { code, hart, offset, layout } = this.#place;
    code.get(hart);
    code.get(this.#history);
    code.store('i32.store', offset + layout.history);
  }

  /** Leaves the predicted direction of a branch on the stack, 1 for taken, and notes the outcome in the history. */
  predict(site: TransferSite, taken: boolean): void {
    const { code, hart, offset, layout, parameters } = this.#place;
    this.#pushIndex(site);
    code.get(hart);
    code.op('i32.add');
    code.tee(this.#address);
    code.load('i32.load8_u', offset + layout.directions);
    code.get(this.#history);
    code.i32(1);
    code.op('i32.shr_u');
    if (taken) {
      code.i32(1 << (parameters.branchHistoryLength - 1));
      code.op('i32.or');
    }
    code.set(this.#history);
  }

  /** Learns the direction of the branch that was predicted last. */
  learn(taken: boolean): void {
    const { code, offset, layout } = this.#place;
    code.get(this.#address);
    code.i32(taken ? 1 : 0);
    code.store('i32.store8', offset + layout.directions);
  }

  #pushIndex({ end, inPage }: TransferSite): void {
    const { code } = this.#place;
    if (inPage === undefined || this.#pageShare === undefined) this.#pushShare(end);
    else {
      code.get(this.#pageShare);
      const share = this.#shareOf(inPage);
      if (share !== 0) {
        code.i32(share);
        code.op('i32.xor');
      }
    }
    this.#pushHistoryShare();
    code.op('i32.xor');
  }

  /** Some bits of the product of history and a constant, the highest of those below the history's length, on top of the index. */
  #pushHistoryShare(): void {
    const { code, layout, parameters } = this.#place;
    const { branchHistoryLength, branchHistoryBits } = parameters;
    const { indexBits, historyMultiplier } = layout;
    const up = Math.max(indexBits - branchHistoryLength, 0);
    const down = Math.max(branchHistoryLength - indexBits, 0);
    code.get(this.#history);
    code.i32(historyMultiplier << up);
    code.op('i32.mul');
    if (down > 0) {
      code.i32(down);
      code.op('i32.shr_u');
    }
    code.i32((2 ** branchHistoryBits - 1) << (indexBits - branchHistoryBits));
    code.op('i32.and');
  }

  /** Pushes the share of an address, which `push` leaves on the stack. */
  #pushShare(push: () => void): void {
    const { code, layout, parameters } = this.#place;
    const word = code.scratch('transfer.word', 'i32');
    push();
    code.op('i32.wrap_i64');
    code.i32(2);
    code.op('i32.shr_u');
    code.tee(word);
    code.get(word);
    code.i32(layout.indexBits);
    code.op('i32.shr_u');
    code.i32(3);
    code.op('i32.and');
    code.op('i32.xor');
    code.i32(parameters.branchHistoryEntries - 1);
    code.op('i32.and');
  }

  #shareOf(address: number): number {
    const word = address >>> 2;
    const { indexBits } = this.#place.layout;
    return (word ^ ((word >>> indexBits) & 3)) & (this.#place.parameters.branchHistoryEntries - 1);
  }
}
