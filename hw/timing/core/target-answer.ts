/** What the target buffer says of a fetch address. */
export interface TargetParts {
  isHit: boolean;
  /** Whether the direction predictor decides, and whether the return stack knows the target. */
  isBranch: boolean;
  isReturn: boolean;
  /** Which half of the fetched word ends the transfer. */
  half: number;
  entry: number;
  target: number;
}

const BRANCH = 2;
const RETURN = 4;
const HALF = 8;
const ENTRY = 16;
const ENTRIES = 1024;
const TARGET = ENTRY * ENTRIES;
const LOW = TARGET - 1;

const parts: TargetParts = {
  isHit: false,
  isBranch: false,
  isReturn: false,
  half: 0,
  entry: 0,
  target: 0,
};

/** Such parts as one number; without a hit there is no target. */
export function targetAnswer({
  isHit,
  isBranch,
  isReturn,
  half,
  entry,
  target,
}: TargetParts): number {
  const place = (half === 0 ? 0 : HALF) + entry * ENTRY;
  const kind = (isBranch ? BRANCH : 0) + (isReturn ? RETURN : 0);
  // Targets are even, which leaves all of this less than 2 ** 53.
  return isHit ? 1 + kind + place + (target / 2) * TARGET : kind + place;
}

/** The same with another entry, or what stands for it. */
export function withEntry(answer: number, entry: number): number {
  const before = (answer & LOW) >>> 4;
  return answer + (entry - before) * ENTRY;
}

/** The entry of such a number, or what stands for it. */
export function entryIn(answer: number): number {
  return (answer & LOW) >>> 4;
}

/** The parts of such a number; one object for all of them. */
export function targetParts(answer: number): Readonly<TargetParts> {
  const low = answer & LOW;
  parts.isHit = (low & 1) !== 0;
  parts.isBranch = (low & BRANCH) !== 0;
  parts.isReturn = (low & RETURN) !== 0;
  parts.half = (low & HALF) === 0 ? 0 : 1;
  parts.entry = low >>> 4;
  parts.target = ((answer - low) / TARGET) * 2;
  return parts;
}
