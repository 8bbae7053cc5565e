import { Cause } from '../../isa/index.ts';

/** What a memory access wants; an AMO and a store-conditional count as stores (priv 12.3.1). */
export type AccessKind = 'fetch' | 'load' | 'store';

/** What an access needs of a page, as bits of a set; HLVX needs `readExecutable` (priv 18.3). */
export const Need = { read: 1, write: 2, execute: 4, readExecutable: 8 } as const;

/** One of the needs. */
export type Need = (typeof Need)[keyof typeof Need];

/** Every need. */
export const ALL_NEEDS = Need.read | Need.write | Need.execute | Need.readExecutable;

/** The access that a need stands for. */
export function accessOf(need: Need): AccessKind {
  if (need === Need.execute) return 'fetch';
  return need === Need.write ? 'store' : 'load';
}

/** Why a translation failed: the table of stage 1, that of stage 2, or nothing there or protected (priv 18.5.1). */
export type FaultKind = 'page' | 'guestPage' | 'access';

/** Exception code by fault and access (priv 3.1.15, priv 18.6.1). */
const causes: Readonly<Record<FaultKind, Readonly<Record<AccessKind, Cause>>>> = {
  page: {
    fetch: Cause.instructionPageFault,
    load: Cause.loadPageFault,
    store: Cause.storePageFault,
  },
  guestPage: {
    fetch: Cause.instructionGuestPageFault,
    load: Cause.loadGuestPageFault,
    store: Cause.storeGuestPageFault,
  },
  access: {
    fetch: Cause.instructionAccessFault,
    load: Cause.loadAccessFault,
    store: Cause.storeAccessFault,
  },
};

/** The exception that a failed access raises; a failure while reading a table is reported as the original access. */
export function faultCause(kind: FaultKind, access: AccessKind): Cause {
  return causes[kind][access];
}

/** `htinst` of a guest-page fault that happened while the walker read a VS-stage entry on RV64 (priv 18.6.3). */
export const IMPLICIT_READ_INSTRUCTION = 0x3000n;

/** The same of one that happened while the walker was to set A or D there. */
export const IMPLICIT_WRITE_INSTRUCTION = 0x3020n;
