import type { CoreLocalCsr } from '../core-local.ts';
import { counterAccess } from './counter-access.ts';
import type { CounterField } from './counter-access.ts';
import { defineCsr } from './csr.ts';
import { wholeWord } from './legalize.ts';

interface ForkCsr {
  readonly name: CoreLocalCsr;
  readonly address: number;
  readonly description: string;
  /** The counter whose enable bits guard it, by the low bits of the address. */
  readonly field: CounterField;
}

function forkCsr({ field, ...row }: ForkCsr) {
  return defineCsr({
    ...row,
    extension: 'dv',
    spec: 'duvisor 5.5',
    // What it holds is in the interruptor, where the hart reads and writes it.
    storage: 'constant',
    present: ({ dv }) => dv?.['posting.interface'] === 'csrs',
    access: counterAccess(field),
    fields: wholeWord,
  });
}

const forkRows: readonly ForkCsr[] = [
  { name: 'vcpuid', address: 0x482, description: 'vCPU id of the hart', field: 'ir' },
  { name: 'vipi0', address: 0x483, description: 'Virtual IPIs of ids 0 to 63', field: 'hpm3' },
  { name: 'vipi1', address: 0x484, description: 'Virtual IPIs of ids 64 to 127', field: 'hpm4' },
  { name: 'vipi2', address: 0x485, description: 'Virtual IPIs of ids 128 to 191', field: 'hpm5' },
  { name: 'vipi3', address: 0x486, description: 'Virtual IPIs of ids 192 to 255', field: 'hpm6' },
];

/** The registers of the interruptor that the QEMU fork's harts reach as CSRs, by CSR address. */
export const coreLocalCsrs: ReadonlyMap<number, CoreLocalCsr> = new Map(
  forkRows.map(({ address, name }) => [address, name]),
);

/** The registers through which the QEMU fork's harts post virtual IPIs. */
export const forkPostingCsrs = forkRows.map(forkCsr);
