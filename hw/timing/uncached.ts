import type { TimingParameters } from './parameters.ts';

/** Cycles on top of issue of an access that goes past the caches, by the latency class of its target. */
export function uncachedExtra(
  parameters: TimingParameters,
  latencyClass: string | undefined,
  direction: 'load' | 'store',
): number {
  const isLoad = direction === 'load';
  switch (latencyClass) {
    case 'ram':
    case undefined:
      return 0;
    case 'rom':
      return parameters.romLoad - 1;
    case 'clint':
      return (isLoad ? parameters.clintLoad : parameters.clintStore) - 1;
    case 'plic':
      return (isLoad ? parameters.plicLoad : parameters.plicStore) - 1;
    case 'posted':
      return (isLoad ? parameters.postedLoad : parameters.postedStore) - 1;
    default:
      return (isLoad ? parameters.deviceLoad : parameters.deviceStore) - 1;
  }
}
