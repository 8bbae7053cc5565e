import * as csr from 'rv/csr';
import { csrw, ld, probe } from './rv.ts';
import { SBI_DEVICE_PATIENCE } from './sbi.ts';

/**
 * Posts an interrupt (`operand` as hu_vitr has it) and waits until the doubleword `word` changes; false when it does not. The label `vext` begins
 * what is measured, `arrived` ends it: the same instructions for every hypervisor.
 */
export function postAndAwait(operand: u64, word: usize): bool {
  const before = ld(word, 0);
  let patience = SBI_DEVICE_PATIENCE;
  probe('vext');
  csrw(csr.hu_vitr, operand);
  do {
    if (ld(word, 0) != before) break;
  } while (--patience != 0);
  probe('arrived');
  return patience != 0;
}
