import type { Legalize } from './csr.ts';
import { hasExtension } from './features.ts';
import { masked } from './legalize.ts';

/** `FS` = Dirty in a status register: floating-point state has changed since it was last saved (priv 3.1.6.6). */
const DIRTY = 3n << 13n;
const SUMMARY = 1n << 63n;

/** What a status register holds while floating-point state is dirty: `FS` = Dirty and its summary, `SD`. */
export const floatDirty = DIRTY | SUMMARY;

/** Writable on a hart with floating-point registers, Off without. */
export const withFloat: Legalize = masked((features) => (hasExtension(features, 'f') ? ~0n : 0n));

/** Keeps `SD`, which nobody writes, at what `FS` says (priv 3.1.6.6). */
export const dirtySummary: Legalize = (proposed, _current, { features }) =>
  (proposed & DIRTY) === DIRTY && hasExtension(features, 'f')
    ? proposed | SUMMARY
    : proposed & ~SUMMARY;
