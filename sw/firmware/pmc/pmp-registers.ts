import * as csr from 'rv/csr';
import { csrw } from '../../shared/rv.ts';
import { entryCount } from './pmp.ts';

/** Writes pmpaddr `entry`: a CSR's number is part of the instruction, so there is one instruction per entry. */
export function writePmpAddress(entry: u64, value: u64): void {
  switch (<u32>entry) {
    case 0:
      csrw(csr.pmpaddr0, value);
      break;
    case 1:
      csrw(csr.pmpaddr1, value);
      break;
    case 2:
      csrw(csr.pmpaddr2, value);
      break;
    case 3:
      csrw(csr.pmpaddr3, value);
      break;
    case 4:
      csrw(csr.pmpaddr4, value);
      break;
    case 5:
      csrw(csr.pmpaddr5, value);
      break;
    case 6:
      csrw(csr.pmpaddr6, value);
      break;
    case 7:
      csrw(csr.pmpaddr7, value);
      break;
    case 8:
      csrw(csr.pmpaddr8, value);
      break;
    case 9:
      csrw(csr.pmpaddr9, value);
      break;
    case 10:
      csrw(csr.pmpaddr10, value);
      break;
    case 11:
      csrw(csr.pmpaddr11, value);
      break;
    case 12:
      csrw(csr.pmpaddr12, value);
      break;
    case 13:
      csrw(csr.pmpaddr13, value);
      break;
    case 14:
      csrw(csr.pmpaddr14, value);
      break;
    case 15:
      csrw(csr.pmpaddr15, value);
      break;
    default:
      break;
  }
}

/** Configuration of all entries: eight bytes per register. */
export function writePmpConfiguration(low: u64, high: u64): void {
  csrw(csr.pmpcfg0, low);
  if (entryCount > 8) csrw(csr.pmpcfg2, high);
}

/** Turns every entry off, so that no half-written range is ever in force. */
export function clearPmpConfiguration(): void {
  writePmpConfiguration(0, 0);
}
