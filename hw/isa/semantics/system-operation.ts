/**
 * The operations that a hart performs outside the integer pipeline, with the number of register values each receives.
 * The hart finds register numbers and the CSR address in the decoded instruction, since some operations depend on whether
 * a field names `x0` and not on its value. An operation that `redirects` leaves the new pc in the hart's state itself.
 */
export const systemOperations = {
  csrRead: { values: 0, redirects: false },
  csrWrite: { values: 1, redirects: false },
  csrSet: { values: 1, redirects: false },
  csrClear: { values: 1, redirects: false },
  ecall: { values: 0, redirects: true },
  mret: { values: 0, redirects: true },
  sret: { values: 0, redirects: true },
  huret: { values: 0, redirects: true },
  wfi: { values: 0, redirects: false },
  fence: { values: 0, redirects: false },
  fenceI: { values: 0, redirects: false },
  cacheBlockClean: { values: 1, redirects: false },
  cacheBlockFlush: { values: 1, redirects: false },
  cacheBlockZero: { values: 1, redirects: false },
  sfenceVma: { values: 2, redirects: false },
  hfenceVvma: { values: 2, redirects: false },
  hfenceGvma: { values: 2, redirects: false },
  hufenceVvma: { values: 2, redirects: false },
  hufenceGvma: { values: 2, redirects: false },
  coreLocalLoad: { values: 0, redirects: false, access: 'load' },
  coreLocalStore: { values: 1, redirects: false, access: 'store' },
  coreLocalAnd: { values: 1, redirects: false, access: 'atomic' },
  coreLocalOr: { values: 1, redirects: false, access: 'atomic' },
} as const satisfies Record<string, SystemOperationRow>;

interface SystemOperationRow {
  readonly values: 0 | 1 | 2;
  readonly redirects: boolean;
  /** What a load, store or AMO of 8 bytes does, at an address of the hart's own making. */
  readonly access?: 'load' | 'store' | 'atomic';
}

/** The name of an operation that the hart, and not the engine, carries out. */
export type SystemOperation = keyof typeof systemOperations;
