/** What can become of an access in its second stage: it is done, goes past the cache, or lacks its line. */
export const AccessKind = { hit: 0, uncached: 1, miss: 2 } as const;

/** An access in its second stage; cycles are counted from it. */
export interface AccessParts {
  kind: (typeof AccessKind)[keyof typeof AccessKind];
  /** A hit: the first store to a line that was clean, so that the tags must be written. */
  soils: boolean;
  /** A miss: a dirty line is given back first. */
  isReleasing: boolean;
  /** Past the cache: when the answer is there. A miss: the last beat of the line, or the answer to what was given back. */
  granted: number;
  /** A miss: how long the cache takes nothing. */
  busy: number;
}

const KINDS = 4;
const FLAG = 2;
/** More cycles than any miss takes. */
const MOST_CYCLES = 2 ** 23;

const parts: AccessParts = {
  kind: AccessKind.hit,
  soils: false,
  isReleasing: false,
  granted: 0,
  busy: 0,
};

/** An access as one number. */
export function accessAnswer(
  kind: AccessParts['kind'],
  flag = false,
  granted = 0,
  busy = 0,
): number {
  if (granted >= MOST_CYCLES || busy >= MOST_CYCLES) {
    throw new RangeError(`an access takes ${String(Math.max(granted, busy))} cycles`);
  }
  return kind + KINDS * ((flag ? 1 : 0) + FLAG * (granted + MOST_CYCLES * busy));
}

/** A hit that changes nothing, and one that makes its line dirty. */
export const HIT = accessAnswer(AccessKind.hit);
export const SOILING_HIT = accessAnswer(AccessKind.hit, true);

/** The parts of such a number; one object for all of them. */
export function accessParts(answer: number): Readonly<AccessParts> {
  const flag = Math.floor(answer / KINDS) % FLAG === 1;
  const times = Math.floor(answer / (KINDS * FLAG));
  parts.kind = (answer % KINDS) as AccessParts['kind'];
  parts.soils = flag;
  parts.isReleasing = flag;
  parts.granted = times % MOST_CYCLES;
  parts.busy = Math.floor(times / MOST_CYCLES);
  return parts;
}
