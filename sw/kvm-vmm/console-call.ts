import {
  SBI_DBCN,
  SBI_DBCN_READ,
  SBI_DBCN_WRITE,
  SBI_DBCN_WRITE_BYTE,
  SBI_ERR_FAILED,
  SBI_ERR_INVALID_PARAM,
  SBI_ERR_NOT_SUPPORTED,
  SBI_LEGACY_CONSOLE_PUTCHAR,
  SBI_SUCCESS,
} from '../shared/sbi.ts';
import { RunPage } from '../kvm/abi.ts';
import { writeConsole, writeConsoleByte } from '../vmm/devices/console.ts';
import { hostOfRam } from '../vmm/guest-ram.ts';

function answer(run: RunPage, error: i64, value: u64): void {
  run.sbiError = error;
  run.sbiValue = value;
}

function debugConsoleCall(run: RunPage): void {
  const count = run.sbiArgument0;
  switch (run.sbiFunction) {
    case SBI_DBCN_WRITE: {
      if (count == 0) return answer(run, SBI_SUCCESS, 0);
      const bytes = run.sbiArgument2 == 0 ? hostOfRam(run.sbiArgument1, count) : 0;
      if (bytes == 0) return answer(run, SBI_ERR_INVALID_PARAM, 0);
      writeConsole(bytes, count);
      return answer(run, SBI_SUCCESS, count);
    }
    case SBI_DBCN_READ:
      return answer(run, SBI_SUCCESS, 0);
    case SBI_DBCN_WRITE_BYTE:
      writeConsoleByte((<u32>count) & 0xff);
      return answer(run, SBI_SUCCESS, 0);
    default:
      return answer(run, SBI_ERR_NOT_SUPPORTED, 0);
  }
}

/** A console call of the guest's SBI, which the kernel leaves to its process; nobody types, so reading gives nothing (sbi 5.2, 12). */
export function consoleCall(run: RunPage): void {
  if (run.sbiExtension == SBI_DBCN) return debugConsoleCall(run);
  if (run.sbiExtension != SBI_LEGACY_CONSOLE_PUTCHAR) return answer(run, SBI_ERR_FAILED, 0);
  writeConsoleByte((<u32>run.sbiArgument0) & 0xff);
  answer(run, SBI_SUCCESS, 0);
}
