import { bits, defineCsrArray } from './csr.ts';
import type { CsrContext, Csr, Legalize } from './csr.ts';

/** Bits of one entry's configuration byte (priv 3.7.1); V makes it a PMC range (duvisor 4). */
export const PmpBit = {
  read: 1n << 0n,
  write: 1n << 1n,
  execute: 1n << 2n,
  virtual: 1n << 5n,
  locked: 1n << 7n,
} as const;

/** Values of an entry's address-matching field, bits 4:3. */
export const PmpMatch = { off: 0n, tor: 1n, na4: 2n, napot: 3n } as const;

/** Entries whose configuration shares one CSR. */
const ENTRIES_PER_REGISTER = 8;

/** Most entries that this model declares. */
const MOST_ENTRIES = 16;

/** The address-matching field of a configuration byte. */
function pmpMatch(configuration: bigint): bigint {
  return (configuration >> 3n) & 3n;
}

const configurationByte: Legalize = (proposed, current, { features }) => {
  if ((current & PmpBit.locked) !== 0n) return current;
  const { read, write, execute, virtual, locked } = PmpBit;
  let kept = proposed & (read | execute | locked | (3n << 3n));
  // Writable but not readable is reserved.
  if ((proposed & read) !== 0n) kept |= proposed & write;
  if (features.pmpVirtual) kept |= proposed & virtual;
  // A grain above 4 bytes leaves no room for NA4.
  if (features.pmpGrainShift > 2 && pmpMatch(kept) === PmpMatch.na4) kept |= PmpMatch.napot << 3n;
  return kept;
};

function byteFields(first: number): Readonly<Record<`pmp${number}cfg`, ReturnType<typeof bits>>> {
  return Object.fromEntries(
    Array.from({ length: ENTRIES_PER_REGISTER }, (_, position) => [
      `pmp${String(first + position)}cfg`,
      bits(8 * position + 7, 8 * position, (proposed, current, context) =>
        first + position < context.features.pmpEntryCount
          ? configurationByte(proposed, current, context)
          : 0n,
      ),
    ]),
  );
}

/** Configuration of the PMP entries, eight to a register; RV64 has only the even-numbered ones. */
export const pmpcfgs = defineCsrArray(
  { address: 0x3a0, count: MOST_ENTRIES / ENTRIES_PER_REGISTER, stride: 2 },
  (index, address) => ({
    name: `pmpcfg${String(2 * index)}`,
    address,
    extension: 'pmp',
    description: `PMP configuration of entries ${String(8 * index)} to ${String(8 * index + 7)}`,
    spec: 'priv 3.7.1',
    fields: byteFields(ENTRIES_PER_REGISTER * index),
    affects: ['protection'],
  }),
);

/** Configuration byte of an entry, as stored. */
export function pmpConfiguration(entry: number, read: (csr: Csr) => bigint): bigint {
  const register = pmpcfgs[Math.floor(entry / ENTRIES_PER_REGISTER)];
  if (register === undefined) return 0n;
  return (read(register) >> BigInt(8 * (entry % ENTRIES_PER_REGISTER))) & 0xffn;
}

function isAddressLocked(entry: number, { read }: CsrContext): boolean {
  if ((pmpConfiguration(entry, read) & PmpBit.locked) !== 0n) return true;
  // A locked top-of-range entry locks the address below it, which is its base.
  const next = pmpConfiguration(entry + 1, read);
  return (next & PmpBit.locked) !== 0n && pmpMatch(next) === PmpMatch.tor;
}

/** Bits below the grain read as the matching mode wants them, and are kept for another mode (priv 3.7.1). */
function shownAddress(entry: number, stored: bigint, { features, read }: CsrContext): bigint {
  const grain = BigInt(features.pmpGrainShift - 2);
  if (grain === 0n || entry >= features.pmpEntryCount) return stored;
  const isNapot = (pmpMatch(pmpConfiguration(entry, read)) & PmpMatch.na4) !== 0n;
  if (isNapot) return stored | ((1n << (grain - 1n)) - 1n);
  return stored & ~((1n << grain) - 1n);
}

/** Addresses of the PMP entries, shifted down by 2. Registers of entries that a hart lacks read zero (priv 3.7.1). */
export const pmpaddrs = defineCsrArray(
  { address: 0x3b0, count: MOST_ENTRIES },
  (entry, address) => ({
    name: `pmpaddr${String(entry)}`,
    address,
    extension: 'pmp',
    description: `PMP address ${String(entry)}`,
    spec: 'priv 3.7.1',
    fields: {
      address: bits(53, 0, (proposed, current, context) => {
        if (entry >= context.features.pmpEntryCount) return 0n;
        return isAddressLocked(entry, context) ? current : proposed;
      }),
    },
    shows: (stored, context) => shownAddress(entry, stored, context),
    affects: ['protection'],
  }),
);

/** All physical-memory-protection CSRs. */
export const pmpCsrs = [...pmpcfgs, ...pmpaddrs];
