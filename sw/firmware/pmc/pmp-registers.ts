import * as csr from 'rv/csr';
import { csrr, csrw } from '../../shared/rv.ts';

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

/** Reads pmpaddr `entry`; entries that a hart lacks read 0. `priv 3.7.1` */
export function readPmpAddress(entry: u64): u64 {
  switch (<u32>entry) {
    case 0:
      return csrr(csr.pmpaddr0);
    case 1:
      return csrr(csr.pmpaddr1);
    case 2:
      return csrr(csr.pmpaddr2);
    case 3:
      return csrr(csr.pmpaddr3);
    case 4:
      return csrr(csr.pmpaddr4);
    case 5:
      return csrr(csr.pmpaddr5);
    case 6:
      return csrr(csr.pmpaddr6);
    case 7:
      return csrr(csr.pmpaddr7);
    case 8:
      return csrr(csr.pmpaddr8);
    case 9:
      return csrr(csr.pmpaddr9);
    case 10:
      return csrr(csr.pmpaddr10);
    case 11:
      return csrr(csr.pmpaddr11);
    case 12:
      return csrr(csr.pmpaddr12);
    case 13:
      return csrr(csr.pmpaddr13);
    case 14:
      return csrr(csr.pmpaddr14);
    case 15:
      return csrr(csr.pmpaddr15);
    default:
      return 0;
  }
}

/** Configuration of all entries: eight bytes per register; bytes of entries that a hart lacks are ignored. */
export function writePmpConfiguration(low: u64, high: u64): void {
  csrw(csr.pmpcfg0, low);
  csrw(csr.pmpcfg2, high);
}

/** Turns every entry off, so that no half-written range is ever in force. */
export function clearPmpConfiguration(): void {
  writePmpConfiguration(0, 0);
}
