import { counterAccess } from './counter-access.ts';
import { bits, defineCsr } from './csr.ts';
import { wholeWord, withExtension } from './legalize.ts';
import { mhpmevents } from './machine.ts';

/** Number of the first hardware performance counter. */
const FIRST_HPM = 3;

const readOnlyWord = { value: bits(63, 0, 'ignored') } as const;

/** Cycles, as M reads and writes them. */
export const mcycle = defineCsr({
  name: 'mcycle',
  address: 0xb00,
  extension: 'base',
  description: 'Machine cycle counter',
  spec: 'priv 3.1.10',
  storage: { counts: 'cycles', number: 0 },
  fields: wholeWord,
});

/** Retired instructions, as M reads and writes them. */
export const minstret = defineCsr({
  name: 'minstret',
  address: 0xb02,
  extension: 'base',
  description: 'Machine instructions-retired counter',
  spec: 'priv 3.1.10',
  storage: { counts: 'instructions', number: 2 },
  fields: wholeWord,
});

/** Cycles, readable below M. */
export const cycle = defineCsr({
  name: 'cycle',
  address: 0xc00,
  extension: 'base',
  description: 'Cycle counter',
  spec: 'unpriv Zicntr',
  storage: { aliasOf: mcycle },
  fields: readOnlyWord,
  access: counterAccess('cy'),
});

/** The machine's wall clock; a guest reads it moved by `htimedelta`. */
export const time = defineCsr({
  name: 'time',
  address: 0xc01,
  extension: 'base',
  description: 'Timer',
  spec: 'unpriv Zicntr',
  storage: 'constant',
  fields: readOnlyWord,
  live: 'time',
  // The RTL turns this read into a load of mtime, which no enable bit covers.
  access: ({ dv }) => (dv?.guestTime === 'raw' ? {} : counterAccess('tm')),
});

/** Retired instructions, readable below M. */
export const instret = defineCsr({
  name: 'instret',
  address: 0xc02,
  extension: 'base',
  description: 'Instructions-retired counter',
  spec: 'unpriv Zicntr',
  storage: { aliasOf: minstret },
  fields: readOnlyWord,
  access: counterAccess('ir'),
});

/** Hardware performance counters as M sees them. */
export const mhpmcounters = mhpmevents.map((selector, step) =>
  defineCsr({
    name: `mhpmcounter${String(step + FIRST_HPM)}`,
    address: 0xb00 + step + FIRST_HPM,
    extension: 'base',
    description: `Machine hardware performance counter ${String(step + FIRST_HPM)}`,
    spec: 'priv 3.1.10',
    storage: { counts: selector, number: step + FIRST_HPM },
    fields: { value: bits(63, 0, withExtension('zihpm')) },
  }),
);

/** Hardware performance counters, readable below M. */
export const hpmcounters = mhpmcounters.map((counter, step) =>
  defineCsr({
    name: `hpmcounter${String(step + FIRST_HPM)}`,
    address: 0xc00 + step + FIRST_HPM,
    extension: 'base',
    description: `Hardware performance counter ${String(step + FIRST_HPM)}`,
    spec: 'unpriv Zihpm',
    storage: { aliasOf: counter },
    fields: readOnlyWord,
    access: counterAccess(`hpm${step + FIRST_HPM}`),
  }),
);

/** All counters. */
export const counterCsrs = [
  mcycle,
  minstret,
  cycle,
  time,
  instret,
  ...mhpmcounters,
  ...hpmcounters,
];
