import { counterAccess } from './counter-access.ts';
import { bits, defineCsr, defineCsrArray } from './csr.ts';
import { wholeWord } from './legalize.ts';

const readOnlyWord = { value: bits(63, 0, 'ignored') } as const;

/** Cycles, as M reads and writes them. */
export const mcycle = defineCsr({
  name: 'mcycle',
  address: 0xb00,
  extension: 'base',
  description: 'Machine cycle counter',
  spec: 'priv 3.1.10',
  storage: { counter: 'cycle' },
  fields: wholeWord,
});

/** Retired instructions, as M reads and writes them. */
export const minstret = defineCsr({
  name: 'minstret',
  address: 0xb02,
  extension: 'base',
  description: 'Machine instructions-retired counter',
  spec: 'priv 3.1.10',
  storage: { counter: 'instret' },
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
  access: (features) => (features.dv?.guestTime === 'raw' ? {} : counterAccess('tm')(features)),
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

/** Hardware performance counters as M sees them; none counts anything. */
export const mhpmcounters = defineCsrArray(
  { address: 0xb03, count: 29, first: 3 },
  (index, address) => ({
    name: `mhpmcounter${String(index)}`,
    address,
    extension: 'base',
    description: `Machine hardware performance counter ${String(index)}`,
    spec: 'priv 3.1.10',
    storage: 'constant',
    fields: {},
  }),
);

/** Hardware performance counters, readable below M. */
export const hpmcounters = defineCsrArray(
  { address: 0xc03, count: 29, first: 3 },
  (index, address) => ({
    name: `hpmcounter${String(index)}`,
    address,
    extension: 'base',
    description: `Hardware performance counter ${String(index)}`,
    spec: 'unpriv Zihpm',
    storage: 'constant',
    fields: {},
    access: counterAccess(`hpm${index}`),
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
