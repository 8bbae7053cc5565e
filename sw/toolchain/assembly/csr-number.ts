import { csrByName } from '../../../hw/isa/index.ts';

/** The 12-bit address of a CSR by the manual's name. */
export function csrNumber(name: string): number {
  const csr = csrByName.get(name);
  if (!csr) throw new Error(`there is no CSR ${name}`);
  return csr.address;
}
