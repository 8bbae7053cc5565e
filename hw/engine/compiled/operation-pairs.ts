import type { Operation } from './operations.ts';

/** Two operations that the interpreter executes one after the other without looking in between what comes next. */
export interface OperationPair {
  readonly first: Operation;
  readonly second: Operation;
}

/** What compiled code mostly does, the most useful first; each stands for the form with an immediate operand as well. */
const firsts = ['add', 'ld', 'sd', 'sll', 'and', 'srl', 'xor', 'or', 'sltu'];
const others = ['sub', 'mul', 'lw', 'sw', 'addw', 'lbu', 'slt', 'sb', 'lui'];

/** A branch inside its page, which mostly goes somewhere. */
function isNearBranch({ instruction, transfer }: Operation): boolean {
  return instruction.timing === 'branch' && transfer?.isNear === true && !transfer.isIdle;
}

/** The pairs that the interpreter knows, `most` at most. */
export function pairsOf(operations: readonly Operation[], most: number): readonly OperationPair[] {
  const named = (names: readonly string[]): readonly Operation[] =>
    names.flatMap((name) => operations.filter(({ instruction }) => instruction.name === name));
  const seconds = [...named(firsts), ...operations.filter(isNearBranch), ...named(others)];
  return seconds
    .flatMap((second) => named(firsts).map((first) => ({ first, second })))
    .slice(0, Math.max(most, 0));
}
