import { bitsOf } from '../cause.ts';
import { bit, bits, defineCsr, defineCsrArray } from './csr.ts';
import type { CsrField } from './csr.ts';
import { enable, environmentFields } from './environment-configuration.ts';
import type { CsrFeatures } from './features.ts';
import { dirtySummary, withFloat } from './float-status.ts';
import {
  causeFields,
  instructionAddress,
  trapVector,
  trapVectorFields,
  wholeWord,
  withExtension,
  withHypervisor,
} from './legalize.ts';
import { performanceEvents } from './performance-events.ts';

/** Machine status: interrupt enables, previous modes, and what the modes below may do. */
export const mstatus = defineCsr({
  name: 'mstatus',
  address: 0x300,
  extension: 'base',
  description: 'Machine status',
  spec: 'priv 3.1.6',
  reset: (2n << 32n) | (2n << 34n),
  fields: {
    sie: bit(1, 'any'),
    mie: bit(3, 'any'),
    spie: bit(5, 'any'),
    ube: bit(6, 'ignored'),
    mpie: bit(7, 'any'),
    spp: bit(8, 'any'),
    vs: bits(10, 9, 'ignored'),
    mpp: bits(12, 11, [0n, 1n, 3n]),
    fs: bits(14, 13, withFloat),
    xs: bits(16, 15, 'ignored'),
    mprv: bit(17, 'any'),
    sum: bit(18, 'any'),
    mxr: bit(19, 'any'),
    tvm: bit(20, 'any'),
    tw: bit(21, 'any'),
    tsr: bit(22, 'any'),
    uxl: bits(33, 32, 'ignored'),
    sxl: bits(35, 34, 'ignored'),
    sbe: bit(36, 'ignored'),
    mbe: bit(37, 'ignored'),
    gva: bit(38, withHypervisor),
    mpv: bit(39, withHypervisor),
    sd: bit(63, 'any'),
  },
  legalize: dirtySummary,
  affects: ['translation', 'interrupts'],
});

/** Letters that name extensions in `misa`; other letters of a hart's description are not reported there. */
const misaLetters = 'abcdefghimnpqsuvx';

function misaValue({ extensions }: CsrFeatures): bigint {
  const present = Array.from(misaLetters).filter((letter) => extensions.includes(letter));
  return (2n << 62n) | bitsOf(...present.map((letter) => letter.charCodeAt(0) - 97));
}

/** Which instruction set the hart has; fixed. */
export const misa = defineCsr({
  name: 'misa',
  address: 0x301,
  extension: 'base',
  description: 'ISA and extensions',
  spec: 'priv 3.1.1',
  storage: 'constant',
  reset: misaValue,
  fields: { mxl: bits(63, 62, 'ignored'), extensions: bits(25, 0, 'ignored') },
});

/** Trap vector of M. */
export const mtvec = defineCsr({
  name: 'mtvec',
  address: 0x305,
  extension: 'base',
  description: 'Machine trap vector',
  spec: 'priv 3.1.7',
  fields: trapVectorFields,
  legalize: trapVector,
});

/** Name of a hardware performance counter's field in the counter-enable registers. */
export type HpmField = `hpm${number}`;

/** Fields of a counter-enable register: one bit per counter. */
export const counterEnableFields: Readonly<Record<'cy' | 'tm' | 'ir' | HpmField, CsrField>> = {
  cy: bit(0, 'any'),
  tm: bit(1, 'any'),
  ir: bit(2, 'any'),
  ...(Object.fromEntries(
    Array.from({ length: 29 }, (_, step) => [`hpm${String(step + 3)}`, bit(step + 3, 'any')]),
  ) as Readonly<Record<HpmField, CsrField>>),
};

/** Counters that modes below M may read. */
export const mcounteren = defineCsr({
  name: 'mcounteren',
  address: 0x306,
  extension: 'base',
  description: 'Machine counter enable',
  spec: 'priv 3.1.11',
  fields: counterEnableFields,
});

/** Environment configuration for modes below M. */
export const menvcfg = defineCsr({
  name: 'menvcfg',
  address: 0x30a,
  extension: 'base',
  description: 'Machine environment configuration',
  spec: 'priv 3.1.18',
  fields: { ...environmentFields, adue: enable(61, 'svadu'), stce: enable(63, 'sstc') },
  affects: ['timer', 'interrupts', 'translation'],
});

/** Whether the hardware performance counters count (Zihpm); without, they and their selectors read zero. */
const counting = withExtension('zihpm');

/** Stops counters as their own registers show them; `time` and what statistics count go on. */
export const mcountinhibit = defineCsr({
  name: 'mcountinhibit',
  address: 0x320,
  extension: 'base',
  description: 'Machine counter inhibit',
  spec: 'priv 3.1.12',
  fields: { cy: bit(0, 'any'), ir: bit(2, 'any'), hpm: bits(31, 3, counting) },
  steersCounters: true,
});

/** Scratch register of M. */
export const mscratch = defineCsr({
  name: 'mscratch',
  address: 0x340,
  extension: 'base',
  description: 'Machine scratch',
  spec: 'priv 3.1.13',
  fields: wholeWord,
});

/** Where a trap to M came from. */
export const mepc = defineCsr({
  name: 'mepc',
  address: 0x341,
  extension: 'base',
  description: 'Machine exception program counter',
  spec: 'priv 3.1.14',
  fields: wholeWord,
  legalize: instructionAddress,
});

/** Why a trap to M was taken. */
export const mcause = defineCsr({
  name: 'mcause',
  address: 0x342,
  extension: 'base',
  description: 'Machine trap cause',
  spec: 'priv 3.1.15',
  fields: causeFields,
});

/** Value that explains a trap to M. */
export const mtval = defineCsr({
  name: 'mtval',
  address: 0x343,
  extension: 'base',
  description: 'Machine trap value',
  spec: 'priv 3.1.16',
  fields: wholeWord,
});

/** The instruction behind a trap to M that concerns a guest. */
export const mtinst = defineCsr({
  name: 'mtinst',
  address: 0x34a,
  extension: 'h',
  description: 'Machine trap instruction',
  spec: 'priv 18.4.5',
  fields: wholeWord,
});

/** The guest physical address, shifted down by 2, behind a trap to M. */
export const mtval2 = defineCsr({
  name: 'mtval2',
  address: 0x34b,
  extension: 'h',
  description: 'Machine second trap value',
  spec: 'priv 18.4.4',
  fields: wholeWord,
});

function identity(name: string, address: number, spec: 'priv 3.1.2' | 'priv 3.1.17') {
  return defineCsr({
    name,
    address,
    extension: 'base',
    description: 'Machine identification',
    spec,
    storage: 'constant',
    fields: { value: bits(63, 0, 'ignored') },
  });
}

/** Number of the hart in its machine. */
export const mhartid = defineCsr({
  name: 'mhartid',
  address: 0xf14,
  extension: 'base',
  description: 'Hart number',
  spec: 'priv 3.1.5',
  storage: 'constant',
  reset: ({ hartId }) => BigInt(hartId),
  fields: { value: bits(63, 0, 'ignored') },
});

/** Event selectors of the hardware performance counters; a number that names no event leaves them as they are. */
export const mhpmevents = defineCsrArray(
  { address: 0x323, count: 29, first: 3 },
  (index, address) => ({
    name: `mhpmevent${String(index)}`,
    address,
    extension: 'base',
    description: `Event of hardware performance counter ${String(index)}`,
    spec: 'priv 3.1.10',
    fields: {
      event: bits(63, 0, (proposed, current, { features }) => {
        if (!features.named.has('zihpm')) return 0n;
        return proposed < BigInt(performanceEvents.length) ? proposed : current;
      }),
    },
    steersCounters: true,
  }),
);

/** Machine-level CSRs other than interrupts, counters and physical memory protection. */
export const machineCsrs = [
  mstatus,
  misa,
  mtvec,
  mcounteren,
  menvcfg,
  mcountinhibit,
  mscratch,
  mepc,
  mcause,
  mtval,
  mtinst,
  mtval2,
  identity('mvendorid', 0xf11, 'priv 3.1.2'),
  identity('marchid', 0xf12, 'priv 3.1.2'),
  identity('mimpid', 0xf13, 'priv 3.1.2'),
  mhartid,
  identity('mconfigptr', 0xf15, 'priv 3.1.17'),
  ...mhpmevents,
];
