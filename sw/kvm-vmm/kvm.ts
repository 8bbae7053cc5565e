import { cstr } from '../shared/rv.ts';
import { O_RDWR } from '../shared/syscalls.ts';
import { KVM_API_VERSION, KVM_GET_API_VERSION } from '../kvm/abi.ts';
import { failWith, STATUS_DRIVER } from '../vmm/failure.ts';
import { control, openFile } from '../vmm/host.ts';

/** File descriptor of the in-kernel hypervisor, open for the life of the VM. */
export let kvm: u64 = 0;

/** Opens the in-kernel hypervisor, which makes this process a VM. */
export function openKvm(): void {
  const file = openFile(cstr('/dev/kvm'), O_RDWR);
  if (file < 0) failWith(STATUS_DRIVER, cstr('cannot open /dev/kvm'), file);
  kvm = <u64>file;
  const version = control(kvm, KVM_GET_API_VERSION, 0);
  if (version != <i64>KVM_API_VERSION) {
    failWith(STATUS_DRIVER, cstr('unknown version of the in-kernel hypervisor'), version);
  }
}

/** A request that must succeed; its result. */
export function require(request: u64, argument: u64, what: usize): i64 {
  const result = control(kvm, request, argument);
  if (result < 0) failWith(STATUS_DRIVER, what, result);
  return result;
}
