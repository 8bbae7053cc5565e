import type { PredictorPlace, TransferSite } from './frame.ts';
import { Asked } from './learn-code.ts';

const SLOT_SHIFT = 4;

/** The target buffer as code: a look at the transfers that it surely holds, and a call of `learnCode` for any other. */
export class TargetCode {
  readonly #place: PredictorPlace;

  constructor(place: PredictorPlace) {
    this.#place = place;
  }

  /**
   * Makes the buffer hold the transfer; `unlessHeld`, which takes from the stack whether it did (i32), is code for the case
   * that this could not be seen at a glance. A return is content with any target.
   */
  learn(site: TransferSite, anyTarget: boolean, unlessHeld: () => void): void {
    const { code, layout } = this.#place;
    const offset = this.#place.offset + layout.known;
    const held = code.block();
    const unknown = anyTarget ? undefined : code.block();
    const constant = this.#pushSlot(site);
    code.load('i64.load', offset + constant);
    site.end();
    if (unknown === undefined) {
      code.op('i64.eq');
      code.likely();
      code.branchIf(held);
    } else {
      code.op('i64.ne');
      code.unlikely();
      code.branchIf(unknown);
      this.#pushSlot(site);
      code.load('i64.load', offset + constant + 8);
      site.target();
      code.op('i64.eq');
      code.likely();
      code.branchIf(held);
      code.end();
    }
    this.#ask(site, anyTarget ? Asked.anyTarget : Asked.thisTarget);
    unlessHeld();
    code.end();
  }

  /** Leaves on the stack how a return was predicted that may not just pop, which changes the stack and teaches the buffer. */
  pushReturn(site: TransferSite): void {
    this.#ask(site, Asked.return);
  }

  /** Learns from a taken branch that was mispredicted. */
  correct(site: TransferSite): void {
    this.#ask(site, Asked.branch);
    this.#place.code.drop();
  }

  #ask({ end, target }: TransferSite, asked: Asked): void {
    const { code, hart, learn } = this.#place;
    code.get(hart);
    end();
    target();
    code.i32(asked);
    code.call(learn);
  }

  /** Pushes the address of the slot of a transfer, but for its constant part, which it yields. */
  #pushSlot({ end, inPage }: TransferSite): number {
    const { code, hart, layout, page } = this.#place;
    const { knownSlots } = layout;
    code.get(hart);
    if (page !== undefined && inPage !== undefined) {
      return ((inPage >>> 1) & (knownSlots - 1)) << SLOT_SHIFT;
    }
    end();
    code.op('i32.wrap_i64');
    code.i32(SLOT_SHIFT - 1);
    code.op('i32.shl');
    code.i32((knownSlots - 1) << SLOT_SHIFT);
    code.op('i32.and');
    code.op('i32.add');
    return 0;
  }
}
