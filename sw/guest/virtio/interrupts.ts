import { claimSource, completeSource } from '../runtime/plic.ts';
import { portOfSource } from './discover.ts';
import { servePort } from './port.ts';

/** Serves every device whose interrupt is pending for a hart. */
export function servePorts(hart: u64): void {
  for (let source: u32 = 0; (source = claimSource(hart)) != 0;) {
    const port = portOfSource(source);
    if (port !== null) servePort(port);
    completeSource(hart, source);
  }
}
