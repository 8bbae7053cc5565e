import { cstr, probe } from '../shared/rv.ts';
import {
  forwardedExit,
  KVM_EXIT_FORWARDED,
  KVM_EXIT_MMIO,
  KVM_EXIT_RISCV_SBI,
  KVM_EXIT_SYSTEM_EVENT,
  KVM_INTERRUPT,
  RunPage,
} from '../kvm/abi.ts';
import { SBI_SRST_NO_REASON } from '../shared/sbi.ts';
import { flushConsole } from '../vmm/devices/console.ts';
import { isDevice, readDevice, takeInterrupt, writeDevice } from '../vmm/devices/device-bus.ts';
import { failWith, STATUS_EXIT, STATUS_GUEST_FAILED, STATUS_SUCCESS } from '../vmm/failure.ts';
import { control, exitProcess } from '../vmm/host.ts';
import { isExitless } from '../vmm/options.ts';
import { answerForwarded } from './forwarded.ts';
import { kvm } from './kvm.ts';
import { consoleCall } from './console-call.ts';

/** What a load finds where nothing answers. */
const NOTHING: u64 = ~0;

/** Acts for a vCPU of the guest, as its RunPage says. */
export function handleExit(run: RunPage, vcpu: u64): void {
  switch (run.exitReason) {
    case KVM_EXIT_MMIO:
      accessDevice(run, vcpu);
      break;
    case KVM_EXIT_FORWARDED:
      answerForwarded(forwardedExit(run), vcpu);
      break;
    case KVM_EXIT_RISCV_SBI:
      consoleCall(run);
      break;
    case KVM_EXIT_SYSTEM_EVENT:
      flushConsole();
      exitProcess(run.systemReason == SBI_SRST_NO_REASON ? STATUS_SUCCESS : STATUS_GUEST_FAILED);
      break;
    default:
      failWith(STATUS_EXIT, cstr('unexpected exit with cause'), <i64>run.errorCause);
      break;
  }
}

function accessDevice(run: RunPage, vcpu: u64): void {
  probe('device');
  const address = run.mmioAddress;
  if (run.mmioIsWrite != 0) {
    if (isDevice(address)) writeDevice(address, run.mmioData, vcpu);
  } else {
    run.mmioData = isDevice(address) ? readDevice(address) : NOTHING;
  }
  if (isExitless && isDevice(address)) {
    const source = takeInterrupt(address);
    if (source != 0) control(kvm, KVM_INTERRUPT, source);
  }
  probe('transfer');
}
