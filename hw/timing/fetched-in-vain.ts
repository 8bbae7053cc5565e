import type { BranchPredictor } from './branch-predictor.ts';
import { Transfer } from './core/branch-target-buffer.ts';
import { compressedTransfer, isCompressed, NO_TRANSFER, wideTransfer } from './core/fetch-scan.ts';

/**
 * Words behind that of an instruction which fetch has looked through when the instruction is in write-back: it was in decode
 * as its word came, and each stage since has taken a cycle.
 */
const REACH = 3;

const HALF = 0xffff;
const IN_PAGE = 4095;
const WORD = 4;

/**
 * An instruction sends fetch back to what follows it, or to itself, from write-back. What fetch has seen by then goes, but not
 * what it told the predictors: outcomes stay in the history as they were predicted, and the return stack as it is (rocket-chip,
 * Frontend.scala: only what the memory stage corrects is taken back). `low` is the half-word that ends the instruction, `read`
 * yields words of its page.
 */
export function fetchInVain(
  predictor: BranchPredictor,
  high: number,
  low: number,
  read: (low: number) => number,
): void {
  const own = (low & -WORD) >>> 0;
  let before = 0;
  let endsWide = false;
  for (let ahead = 0; ahead <= REACH; ahead++) {
    const base = own + ahead * WORD;
    if (ahead > 0 && (base & IN_PAGE) === 0) return;
    const word = read(base);
    let hasPassed = false;
    for (let half = ahead === 0 ? ((low >>> 1) & 1) + 1 : 0; half < 2; half++) {
      const bits = half === 0 ? word & HALF : word >>> 16;
      const isShort: boolean = !endsWide && isCompressed(bits);
      let kind = NO_TRANSFER as Transfer | typeof NO_TRANSFER;
      if (endsWide) kind = wideTransfer((bits << 16) | before);
      else if (isShort) kind = compressedTransfer(bits);
      endsWide = !endsWide && !isShort;
      before = bits;
      if (kind === NO_TRANSFER) continue;
      if (kind === Transfer.branch) {
        // The outcomes of both branches of a word are one.
        if (hasPassed) continue;
        hasPassed = true;
        if (!predictor.passBranch({ high, low: base + 2 * half })) continue;
      } else if (kind === Transfer.return) predictor.passReturn();
      else if (kind === Transfer.call) predictor.passCall({ high, low: base + 2 * half + 2 });
      return;
    }
  }
}
