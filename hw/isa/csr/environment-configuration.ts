import { bit, bits } from './csr.ts';
import type { CsrField, Legalize } from './csr.ts';
import { withExtension } from './legalize.ts';

/** A field that enables something of an extension, and reads zero without it. */
export function enable(position: number, extension: Parameters<typeof withExtension>[0]): CsrField {
  return bit(position, withExtension(extension));
}

const RESERVED_INVALIDATION = 2n;

/** CBIE: off, flush or invalidate; the fourth value is reserved and leaves the field as it is (priv 3.1.18). */
const invalidation: Legalize = (proposed, current, { features }) => {
  if (!features.named.has('zicbom')) return 0n;
  return proposed === RESERVED_INVALIDATION ? current : proposed;
};

/** Fields that all three environment configurations have (priv 3.1.18, priv 10.1.10, priv 18.2.5). */
export const environmentFields = {
  fiom: bit(0, 'any'),
  cbie: bits(5, 4, invalidation),
  cbcfe: enable(6, 'zicbom'),
  cbze: enable(7, 'zicboz'),
} as const;
