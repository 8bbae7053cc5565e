/** How physical memory checking treats guests; a platform takes it from its DV-Ext profile (duvisor 4.4). */
export interface PmcOptions {
  /** `ranges`: `pmpcfg` has the V bit and V=1 accesses need a V entry; `none`: plain PMP, the V bit does nothing. */
  readonly kind: 'ranges' | 'none';
  /** Whether V=1 accesses need a V entry; `unchecked` is the hardware of the paper's measurement without PMP: entries are kept, nobody looks. */
  readonly guestAccess: 'checked' | 'unchecked';
  /** Number of implemented entries, 0 to 16; 0 turns protection off. */
  readonly entries: number;
  /** Smallest protected range in bytes: a power of two, at least 4 (priv 3.7.1, "granularity"). */
  readonly granularity: number;
  /** Whether the page walker's reads on behalf of a guest need a V entry too. */
  readonly walker: 'checked' | 'unchecked';
  /**
   * `ignore`: an access with V=0 does not see V entries, as the paper has it;
   * `match`: V entries take part in the one priority list and protect the host too, as the authors' Rocket has it.
   */
  readonly hostAccess: 'ignore' | 'match';
}

/** Physical memory checking as the `paper` profile has it. */
export const paperPmc: PmcOptions = {
  kind: 'ranges',
  guestAccess: 'checked',
  entries: 16,
  granularity: 4096,
  walker: 'checked',
  hostAccess: 'ignore',
};

/** Plain physical memory protection of a hart without DV-Ext. */
export const plainPmp: PmcOptions = { ...paperPmc, kind: 'none', granularity: 4 };
