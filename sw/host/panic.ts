import * as csr from 'rv/csr';
import { csrr, cstr, wfi } from '../shared/rv.ts';
import { begin, end, hex, number, text } from './console.ts';
import { currentHart } from './hart.ts';
import { shutDown } from './sbi-client.ts';

/** Reports a broken rule of the kernel's own with the facts at hand and ends the machine as failed. */
export function panic(reason: usize): void {
  begin(cstr('host: panic: '));
  text(reason);
  text(cstr(', hart '));
  number(currentHart().id);
  text(cstr(', scause '));
  hex(csrr(csr.scause));
  text(cstr(', sepc '));
  hex(csrr(csr.sepc));
  text(cstr(', stval '));
  hex(csrr(csr.stval));
  text(cstr('\n'));
  end();
  shutDown(false);
  while (true) wfi();
}
