import {
  cycles,
  entries,
  powerOfTwo,
  type TimingParameter,
  valuesOf,
} from '../timing-parameter.ts';

/** Everything that a timing file sets of DDR3 behind a cache of its own; times are in cycles of the memory's clock. */
export const ddr3Parameters = [
  {
    name: 'corePeriods',
    unit: 'cycles',
    minimum: 1,
    description: "ten cycles of the memory's clock, in cycles of the core",
  },
  powerOfTwo('banks', 'banks'),
  { ...powerOfTwo('rowBytes', 'a row of a bank'), unit: 'bytes' },
  entries('window', 'requests among which the controller chooses', 1),
  cycles('activateToColumn', 'tRCD'),
  cycles('activateToPrecharge', 'tRAS'),
  cycles('activateToActivate', 'tRC, in one bank'),
  cycles('activateToOther', 'tRRD, in different banks'),
  cycles('fourActivates', 'tFAW'),
  cycles('precharge', 'tRP'),
  cycles('readLatency', 'tCAS'),
  cycles('writeLatency', 'tCWD'),
  cycles('columnToColumn', 'tCCD', 1),
  cycles('writeToRead', 'tWTR'),
  cycles('writeRecovery', 'tWR'),
  cycles('readToPrecharge', 'tRTP'),
  cycles('turnaround', 'tRTRS, between reads and writes'),
  cycles('refresh', 'tRFC'),
  cycles('refreshInterval', 'tREFI; 0 is never'),
  cycles('backendLatency', 'from the memory chips to the bus'),
  powerOfTwo('cacheSets', 'sets of the cache in the controller'),
  powerOfTwo('cacheWays', 'ways of that cache'),
  { name: 'cacheLineBytes', unit: 'bytes', minimum: 64, description: 'a line of that cache' },
  { name: 'busBytes', unit: 'bytes', minimum: 1, description: 'a beat' },
] as const satisfies readonly TimingParameter[];

/** The name of a parameter of the DDR3 model. */
export type Ddr3ParameterName = (typeof ddr3Parameters)[number]['name'];

/** A complete set of values. */
export type Ddr3Parameters = Readonly<Record<Ddr3ParameterName, number>>;

/** Takes the values a file gives; says what is missing, unknown or too small, all at once. */
export function ddr3ParametersFrom(values: Readonly<Record<string, number>>): Ddr3Parameters {
  return valuesOf(ddr3Parameters, values, 'DDR3 parameters');
}
