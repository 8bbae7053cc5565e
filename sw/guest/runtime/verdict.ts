import { cstr } from '../../shared/rv.ts';
import { SBI_SRST_NO_REASON, SBI_SRST_SYSTEM_FAILURE } from '../../shared/sbi.ts';
import { endLine, put, putHex } from './console.ts';

let failures: u64 = 0;

/** Writes `result: NAME VALUE`, the same on every machine, and remembers when the value is not the expected one. */
export function check(name: usize, value: u64, expected: u64): void {
  put(cstr('result: '));
  put(name);
  put(cstr(' '));
  putHex(value);
  if (value != expected) {
    failures++;
    put(cstr(' WRONG, expected '));
    putHex(expected);
  }
  endLine();
}

/** The reason with which to shut down: failure when any result was wrong. */
export function verdict(): u64 {
  return failures == 0 ? SBI_SRST_NO_REASON : SBI_SRST_SYSTEM_FAILURE;
}
