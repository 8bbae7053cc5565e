import {
  SBI_BASE,
  SBI_DBCN,
  SBI_ERR_NOT_SUPPORTED,
  SBI_HSM,
  SBI_HSM_HART_STOP,
  SBI_IPI,
  SBI_LEGACY_SHUTDOWN,
  SBI_PMC,
  SBI_RFENCE,
  SBI_SRST,
  SBI_TIME,
} from '../../shared/sbi.ts';
import { Hart } from '../hart.ts';
import { callBase } from './base.ts';
import { callDebugConsole } from './debug-console.ts';
import { callFence } from './fence.ts';
import { callHartManagement, stopHart } from './hart-management.ts';
import { callInterProcessor } from './inter-processor.ts';
import { callLegacy } from './legacy.ts';
import { callPmc } from './pmc.ts';
import { callSystemReset } from './system-reset.ts';
import { callTimer } from './timer.ts';

/** Length of ecall: the caller goes on behind it. */
const ECALL_BYTES: u64 = 4;

/** Whether an extension is implemented; PMC counts although a machine may lack the V bit. */
export function isExtension(id: u64): bool {
  if (id <= SBI_LEGACY_SHUTDOWN) return true;
  if (id == SBI_BASE || id == SBI_TIME || id == SBI_IPI || id == SBI_RFENCE) return true;
  return id == SBI_HSM || id == SBI_SRST || id == SBI_DBCN || id == SBI_PMC;
}

function callExtension(hart: Hart): i64 {
  const id = hart.a7;
  if (id == SBI_TIME) return callTimer(hart);
  if (id == SBI_IPI) return callInterProcessor(hart);
  if (id == SBI_RFENCE) return callFence(hart);
  if (id == SBI_PMC) return callPmc(hart);
  if (id == SBI_DBCN) return callDebugConsole(hart);
  if (id == SBI_HSM) return callHartManagement(hart);
  if (id == SBI_BASE) return callBase(hart);
  if (id == SBI_SRST) return callSystemReset(hart);
  return SBI_ERR_NOT_SUPPORTED;
}

/** Answers an environment call from S mode. `sbi 3` */
export function answerCall(hart: Hart): void {
  if (hart.a7 <= SBI_LEGACY_SHUTDOWN) {
    if (callLegacy(hart)) hart.pc += ECALL_BYTES;
    return;
  }
  if (hart.a7 == SBI_HSM && hart.a6 == SBI_HSM_HART_STOP) {
    stopHart(hart);
    return;
  }
  hart.value = 0;
  const error = callExtension(hart);
  hart.pc += ECALL_BYTES;
  hart.a0 = <u64>error;
  hart.a1 = hart.value;
}
