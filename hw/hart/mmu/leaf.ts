import { Pte } from '../../isa/index.ts';
import { ALL_NEEDS, Need } from './access.ts';

/** The low 8 bits of a table entry, as numbers (priv 12.3.1). */
export const LeafBit = {
  valid: Number(Pte.valid),
  read: Number(Pte.read),
  write: Number(Pte.write),
  execute: Number(Pte.execute),
  user: Number(Pte.user),
  global: Number(Pte.global),
  accessed: Number(Pte.accessed),
  dirty: Number(Pte.dirty),
} as const;

/** What a bare stage contributes: every permission, accessed and dirty, of a user page (G-stage) or any page. */
export const BARE_LEAF =
  LeafBit.valid |
  LeafBit.read |
  LeafBit.write |
  LeafBit.execute |
  LeafBit.user |
  LeafBit.accessed |
  LeafBit.dirty;

const LEAVES = 256;

/** What an entry is, by its low 8 bits. */
export const EntryKind = { invalid: 0, pointer: 1, leaf: 2 } as const;

/** R and X make a leaf, where W without R is reserved; in a pointer to a table so are U, A and D (priv 12.3.2, steps 3 to 5). */
function kindOf(bits: number): number {
  const { valid, read, write, execute, user, accessed, dirty } = LeafBit;
  if ((bits & valid) === 0 || (bits & (read | write)) === write) return EntryKind.invalid;
  if ((bits & (read | execute)) !== 0) return EntryKind.leaf;
  return (bits & (user | accessed | dirty)) === 0 ? EntryKind.pointer : EntryKind.invalid;
}

/** The kind of entries by their low 8 bits. */
export const entryKinds = Uint8Array.from({ length: LEAVES }, (_, bits) => kindOf(bits));

function when(condition: boolean, needs: number): number {
  return condition ? needs : 0;
}

/** The needs that R, W and X grant; execute makes readable with MXR, and takes the place of readable for HLVX. */
function permittedNeeds(bits: number, mxr: boolean): number {
  const executable = (bits & LeafBit.execute) !== 0;
  return (
    when((bits & LeafBit.read) !== 0 || (mxr && executable), Need.read) |
    when((bits & LeafBit.write) !== 0, Need.write) |
    when(executable, Need.execute | Need.readExecutable)
  );
}

/** The needs for which A, and for stores D, are set (priv 12.3.2, step 9). */
function recordedNeeds(bits: number): number {
  if ((bits & LeafBit.accessed) === 0) return 0;
  return (bits & LeafBit.dirty) === 0 ? ALL_NEEDS & ~Need.write : ALL_NEEDS;
}

const needs = Uint8Array.from({ length: 2 * LEAVES }, (_, index) => {
  const bits = index & (LEAVES - 1);
  return permittedNeeds(bits, index >= LEAVES) & recordedNeeds(bits);
});

/** The bits of a leaf once hardware has recorded an access there (Svadu, priv 12.3.2, step 9). */
export function recordedBits(bits: number, need: Need): number {
  return bits | LeafBit.accessed | (need === Need.write ? LeafBit.dirty : 0);
}

/** The set of needs that a leaf with these low bits meets, U apart. */
export function leafNeeds(bits: number, mxr: boolean): number {
  return needs[mxr ? LEAVES + bits : bits] ?? 0;
}

/** The set of needs with which an effective privilege may use a stage-1 leaf with this U bit (priv 12.3.2, step 6). */
export function userNeeds(bits: number, user: boolean, sum: boolean): number {
  const isUserPage = (bits & LeafBit.user) !== 0;
  if (user) return isUserPage ? ALL_NEEDS : 0;
  if (!isUserPage) return ALL_NEEDS;
  return sum ? ALL_NEEDS & ~Need.execute : 0;
}
