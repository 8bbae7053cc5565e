/** How eagerly code is translated, and how much at once. No result depends on it. */
export interface TranslationLimits {
  /** After how many jumps to it, not too far apart, code is translated. */
  readonly heat: number;
  /** Regions compiled together. */
  readonly batch: number;
  /** The most basic blocks and instructions of a region. */
  readonly blocks: number;
  readonly instructions: number;
  /** Of cores in stages: after how many arrivals by a jump what comes next is translated. */
  readonly arrivals: number;
  /** The most situations in which instructions of a function commit, and how often the ways between them must have been gone. */
  readonly situations: number;
  readonly visits: number;
}

/** A module costs as much as the code of ten regions; regions beyond these sizes gain nothing. */
export const usualLimits: TranslationLimits = {
  heat: 1000,
  batch: 32,
  blocks: 48,
  instructions: 200,
  arrivals: 4000,
  situations: 400,
  visits: 8,
};
