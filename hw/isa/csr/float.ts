import { floatEnabled } from '../instructions/float-guard.ts';
import { bit, bits, defineCsr } from './csr.ts';
import { hasExtension, type CsrFeatures } from './features.ts';

const common = {
  extension: 'base',
  spec: 'unpriv 20.2',
  access: floatEnabled,
  present: (features: CsrFeatures) => hasExtension(features, 'f'),
} as const;

const flags = {
  nx: bit(0, 'any'),
  uf: bit(1, 'any'),
  of: bit(2, 'any'),
  dz: bit(3, 'any'),
  nv: bit(4, 'any'),
} as const;

/** Rounding mode and accrued flags. */
export const fcsr = defineCsr({
  ...common,
  name: 'fcsr',
  address: 0x003,
  description: 'Floating-point control and status',
  fields: { ...flags, frm: bits(7, 5, 'any') },
  affects: ['floatState'],
});

/** What operations have reported since software last cleared it. */
export const fflags = defineCsr({
  ...common,
  name: 'fflags',
  address: 0x001,
  description: 'Floating-point accrued exceptions',
  storage: { aliasOf: fcsr },
  fields: flags,
});

/** How instructions with a dynamic mode round; holds reserved modes too, which those instructions refuse. */
export const frm = defineCsr({
  ...common,
  name: 'frm',
  address: 0x002,
  description: 'Floating-point dynamic rounding mode',
  storage: { aliasOf: fcsr, shift: 5 },
  fields: { frm: bits(2, 0, 'any') },
});

/** All floating-point CSRs. */
export const floatCsrs = [fflags, frm, fcsr];
