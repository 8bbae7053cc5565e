/** Everything that can own a cycle of a hart, in the order in which reports list it; see docs/timing.md. */
export const timingMechanisms = [
  { name: 'issue', description: 'one cycle of each instruction that retires' },
  { name: 'load-use', description: 'waiting for a load' },
  { name: 'csr-use', description: 'waiting for a CSR read' },
  { name: 'store-load', description: 'replay of a load behind a store to the same bytes' },
  { name: 'multiply-divide', description: 'iterations of the multiplier and the divider' },
  { name: 'float', description: 'waiting for floating-point results, division and square root' },
  { name: 'branch', description: 'branches: wrong direction, or taken without a known target' },
  { name: 'jump', description: 'jumps: wrong or unknown target' },
  { name: 'csr-flush', description: 'refetch after a CSR write' },
  { name: 'guest-access-flush', description: 'refetch after HLV, HLVX and HSV' },
  { name: 'trap-entry', description: 'redirect to a trap handler' },
  { name: 'trap-return', description: 'redirect by MRET, SRET and HURET' },
  { name: 'atomic', description: 'AMO, LR and SC holding up memory accesses' },
  { name: 'fence', description: 'FENCE and FENCE.I' },
  { name: 'translation-fence', description: 'SFENCE.VMA, HFENCE and HUFENCE' },
  { name: 'walk-stage-1', description: 'TLB misses: reads of stage-1 tables' },
  { name: 'walk-stage-2', description: 'TLB misses: reads of stage-2 tables' },
  { name: 'misaligned', description: 'misaligned accesses that hardware splits' },
  { name: 'uncached', description: 'accesses to devices and ROM' },
  { name: 'wait', description: 'WFI and PAUSE' },
  { name: 'fetch', description: 'waiting for instructions that nothing else holds up' },
  { name: 'instruction-cache', description: 'fetches that miss the L1' },
  {
    name: 'data-cache',
    description: 'loads and stores that miss the L1, and dirty lines that give way',
  },
] as const;

/** The name of a mechanism. */
export type TimingMechanism = (typeof timingMechanisms)[number]['name'];

/** The number of each mechanism: its place in the list. */
export const mechanismNumber = Object.fromEntries(
  timingMechanisms.map(({ name }, index) => [name, index]),
) as Readonly<Record<TimingMechanism, number>>;
