/** Bits of a page-table entry (priv 10.4.1). */
export const Pte = {
  valid: 1n << 0n,
  read: 1n << 1n,
  write: 1n << 2n,
  execute: 1n << 3n,
  user: 1n << 4n,
  global: 1n << 5n,
  accessed: 1n << 6n,
  dirty: 1n << 7n,
} as const;

/** Where an entry keeps its physical page number, and which bits above it must be zero without Svpbmt and Svnapot. */
export const PteLayout = {
  ppnShift: 10,
  ppnBits: 44,
  /** Bits 63:54, reserved: an entry that sets one of them is a page fault. */
  reserved: 0x3ffn << 54n,
} as const;

/** Values of `satp.MODE` and `vsatp.MODE` on RV64 (priv 10.1.11); Sv57 is not implemented. */
export const Stage1Mode = { bare: 0n, sv39: 8n, sv48: 9n, sv57: 10n } as const;

/** Values of `hgatp.MODE` on RV64 (priv 18.2.10); Sv57x4 is not implemented. */
export const Stage2Mode = { bare: 0n, sv39x4: 8n, sv48x4: 9n, sv57x4: 10n } as const;

/** Smallest page, in bytes. */
export const PAGE_BYTES = 4096;

/** Bits of an address below the page number. */
export const PAGE_SHIFT = 12;

/** Bytes of one page-table entry. */
export const PTE_BYTES = 8;

/** Geometry of one translation scheme: how the walker cuts an address. */
export interface TranslationScheme {
  readonly name: string;
  /** Levels of the table, root included. */
  readonly levels: number;
  /** Address bits translated by one table below the root. */
  readonly bitsPerLevel: number;
  /** Bits added to the root's index: 2 in stage 2, whose root is four pages (priv 18.5.1). */
  readonly rootExtraBits: number;
  /** Width of an input address, in bits. */
  readonly addressBits: number;
}

/** Sv39: 39-bit virtual addresses, sign-extended (priv 10.4). */
export const sv39: TranslationScheme = {
  name: 'Sv39',
  levels: 3,
  bitsPerLevel: 9,
  rootExtraBits: 0,
  addressBits: 39,
};

/** Sv39x4: 41-bit guest physical addresses, zero-extended (priv 18.5.1). */
export const sv39x4: TranslationScheme = {
  name: 'Sv39x4',
  levels: 3,
  bitsPerLevel: 9,
  rootExtraBits: 2,
  addressBits: 41,
};

/** Sv48: 48-bit virtual addresses, sign-extended (priv 10.5). */
export const sv48: TranslationScheme = { ...sv39, name: 'Sv48', levels: 4, addressBits: 48 };

/** Sv48x4: 50-bit guest physical addresses, zero-extended (priv 18.5.1). */
export const sv48x4: TranslationScheme = { ...sv39x4, name: 'Sv48x4', levels: 4, addressBits: 50 };

/** How stage 1 translates under a value of `satp.MODE` or `vsatp.MODE`; `undefined` where it does not. */
export function stage1Scheme(mode: bigint): TranslationScheme | undefined {
  if (mode === Stage1Mode.sv39) return sv39;
  return mode === Stage1Mode.sv48 ? sv48 : undefined;
}

/** How stage 2 translates under a value of `hgatp.MODE`; `undefined` where it does not. */
export function stage2Scheme(mode: bigint): TranslationScheme | undefined {
  if (mode === Stage2Mode.sv39x4) return sv39x4;
  return mode === Stage2Mode.sv48x4 ? sv48x4 : undefined;
}
