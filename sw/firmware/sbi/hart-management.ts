import { wfi } from '../../shared/rv.ts';
import {
  SBI_ERR_ALREADY_AVAILABLE,
  SBI_ERR_INVALID_ADDRESS,
  SBI_ERR_INVALID_PARAM,
  SBI_ERR_NOT_SUPPORTED,
  SBI_HSM_HART_GET_STATUS,
  SBI_HSM_HART_START,
  SBI_HSM_HART_SUSPEND,
  SBI_HSM_STATE_STARTED,
  SBI_HSM_STATE_STOPPED,
  SBI_HSM_STATE_SUSPENDED,
  SBI_HSM_SUSPEND_RETENTIVE,
  SBI_SUCCESS,
} from '../../shared/sbi.ts';
import { waitForStart } from '../boot.ts';
import { raiseSoftwareInterrupt } from '../clint.ts';
import { HART_CAPACITY, Hart, hartBlock } from '../hart.ts';
import { claimStart, setState, stateOf } from '../hart-state.ts';
import { hartMask } from '../platform.ts';
import { FIRMWARE_BASE, FIRMWARE_SIZE } from '../pmc/pmp.ts';

/** Suspend types: bit 31 tells non-retentive ones, platforms' own begin at the second number, those below it are reserved. `sbi 9.4` */
const NON_RETENTIVE: u32 = 0x8000_0000;
const PLATFORM_SPECIFIC: u32 = 0x1000_0000;

function isHart(id: u64): bool {
  return id < HART_CAPACITY && ((hartMask >> id) & 1) != 0;
}

function start(id: u64, address: u64, opaque: u64): i64 {
  if (!isHart(id)) return SBI_ERR_INVALID_PARAM;
  if ((address & 1) != 0 || address - FIRMWARE_BASE < FIRMWARE_SIZE) return SBI_ERR_INVALID_ADDRESS;
  const target = hartBlock(id);
  if (stateOf(target) != SBI_HSM_STATE_STOPPED) return SBI_ERR_ALREADY_AVAILABLE;
  target.startAddress = address;
  target.startOpaque = opaque;
  if (!claimStart(target)) return SBI_ERR_ALREADY_AVAILABLE;
  raiseSoftwareInterrupt(id);
  return SBI_SUCCESS;
}

/** Waits for any interrupt that is enabled; the caller's registers are kept, the call returns. `sbi 9.4` */
function suspend(hart: Hart): i64 {
  if (hart.a0 != SBI_HSM_SUSPEND_RETENTIVE) {
    const kind = (<u32>hart.a0) & ~NON_RETENTIVE;
    return kind != 0 && kind < PLATFORM_SPECIFIC ? SBI_ERR_INVALID_PARAM : SBI_ERR_NOT_SUPPORTED;
  }
  setState(hart, SBI_HSM_STATE_SUSPENDED);
  wfi();
  setState(hart, SBI_HSM_STATE_STARTED);
  return SBI_SUCCESS;
}

/** Hart state management extension. `sbi 9` */
export function callHartManagement(hart: Hart): i64 {
  const call = hart.a6;
  if (call == SBI_HSM_HART_START) return start(hart.a0, hart.a1, hart.a2);
  if (call == SBI_HSM_HART_SUSPEND) return suspend(hart);
  if (call == SBI_HSM_HART_GET_STATUS) {
    if (!isHart(hart.a0)) return SBI_ERR_INVALID_PARAM;
    hart.value = stateOf(hartBlock(hart.a0));
    return SBI_SUCCESS;
  }
  return SBI_ERR_NOT_SUPPORTED;
}

/** hart_stop: ends with the hart's block set up as the next hart_start asked. `sbi 9.2` */
export function stopHart(hart: Hart): void {
  hart.vm = 0;
  setState(hart, SBI_HSM_STATE_STOPPED);
  waitForStart(hart);
}
