import { cstr } from '../../shared/rv.ts';
import { endLine, put, putDecimal } from './console.ts';

/** Cycle counts of one operation that was repeated. */
@unmanaged
export class Samples {
  count: u64;
  least: u64;
  most: u64;
  total: u64;
}

const words: usize = memory.data(offsetof<Samples>(), 8);

/** An empty set; there is one at a time. */
export function beginSamples(): Samples {
  const samples = changetype<Samples>(words);
  samples.count = 0;
  samples.least = ~(<u64>0);
  samples.most = 0;
  samples.total = 0;
  return samples;
}

/** Adds one measurement. */
export function addSample(samples: Samples, cycles: u64): void {
  samples.count++;
  samples.total += cycles;
  if (cycles < samples.least) samples.least = cycles;
  if (cycles > samples.most) samples.most = cycles;
}

/** Writes `measure: NAME count=… min=… mean=… max=… cycles`. */
export function reportSamples(samples: Samples, name: usize): void {
  put(cstr('measure: '));
  put(name);
  put(cstr(' count='));
  putDecimal(samples.count);
  put(cstr(' min='));
  putDecimal(samples.least);
  put(cstr(' mean='));
  putDecimal((samples.total + samples.count / 2) / samples.count);
  put(cstr(' max='));
  putDecimal(samples.most);
  put(cstr(' cycles'));
  endLine();
}
