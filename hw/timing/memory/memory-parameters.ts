import {
  cycles,
  entries,
  powerOfTwo,
  type TimingParameter,
  valuesOf,
} from '../timing-parameter.ts';

/** Everything about caches, translation and the buses between them that a timing file sets. */
export const memoryParameters = [
  powerOfTwo('instructionCacheSets', 'sets of the L1 instruction cache'),
  powerOfTwo('instructionCacheWays', 'ways of the L1 instruction cache'),
  powerOfTwo('dataCacheSets', 'sets of the L1 data cache'),
  powerOfTwo('dataCacheWays', 'ways of the L1 data cache'),
  powerOfTwo('l2Sets', 'sets of the L2'),
  powerOfTwo('l2Ways', 'ways of the L2'),
  { name: 'systemBusBytes', unit: 'bytes', minimum: 1, description: 'a beat from L2 to a core' },
  { name: 'memoryBusBytes', unit: 'bytes', minimum: 1, description: 'a beat from memory to L2' },
  cycles('busHop', 'a message between a core and the L2'),
  cycles('l2Lookup', 'L2: from a request to what the directory makes of it'),
  cycles('l2Read', 'L2: from there to the first beat of data'),
  cycles(
    'l2ReleaseQueue',
    'L2: what a message with data of a core, or an answer to a probe, waits',
  ),
  cycles('blockRequest', 'from a CBO to the queue of the L2'),
  cycles('memoryRequest', 'from a miss of the L2 to the memory port'),
  cycles('memoryResponse', 'from the first beat of memory to what the L2 makes of it'),
  cycles('probe', 'L1 data cache: from a probe to the answer'),
  cycles('probeData', 'L1 data cache: what an answer with data takes longer'),
  cycles('releaseStart', 'L1 data cache: from a miss to the first beat of a dirty victim'),
  entries('tlbEntries', 'pages of 4 KiB that the TLB of fetches, and that of data, holds', 1),
  entries('tlbSectors', 'neighbouring pages that share an entry of these TLBs', 1),
  entries('tlbSuperpages', 'larger pages that each of these TLBs holds besides', 1),
  entries('pteCacheEntries', 'pointers to tables that the walker remembers'),
  entries(
    'stage2PteCacheEntries',
    'tables of guests, found through both stages, that it remembers',
  ),
  {
    ...entries('l2TlbEntries', 'pages of 4 KiB that the L2 TLB holds; a power of two, or 0'),
    isPowerOfTwo: true,
  },
  cycles('walkSuperpage', 'walker: what a page of more than 4 KiB takes longer'),
] as const satisfies readonly TimingParameter[];

/** Everything that a timing file sets of memory that answers after a fixed time. */
export const fixedLatencyParameters = [
  cycles('latency', 'from a request to the first beat'),
] as const satisfies readonly TimingParameter[];

/** The name of a parameter of the memory model. */
export type MemoryParameterName = (typeof memoryParameters)[number]['name'];

/** A complete set of values. */
export type MemoryParameters = Readonly<Record<MemoryParameterName, number>>;

/** Takes the values a file gives; says what is missing, unknown or too small, all at once. */
export function memoryParametersFrom(values: Readonly<Record<string, number>>): MemoryParameters {
  return valuesOf(memoryParameters, values, 'memory parameters');
}
