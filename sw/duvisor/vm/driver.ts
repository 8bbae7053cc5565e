import { cstr } from '../../shared/rv.ts';
import { O_RDWR } from '../../shared/syscalls.ts';
import {
  DV_API_VERSION,
  DV_GET_API_VERSION,
  DV_QUERY_PHYSICAL,
  DV_REQUEST_DELEG,
  DelegationRequest,
} from '../../dv-driver/abi.ts';
import * as cause from 'rv/cause';
import * as interrupt from 'rv/interrupt';
import { fail, failWith, STATUS_DRIVER } from '../../vmm/failure.ts';
import { control, mapShared, openFile } from '../../vmm/host.ts';

/** File descriptor of the DV-driver, open for the life of the VM. */
export let driver: u64 = 0;

const requested: usize = memory.data(offsetof<DelegationRequest>(), 8);

/** Opens the driver, which makes this process a VM, and asks for the exits that this hypervisor handles (duvisor 6.4). */
export function openDriver(): void {
  const file = openFile(cstr('/dev/dv-driver'), O_RDWR);
  if (file < 0) failWith(STATUS_DRIVER, cstr('cannot open /dev/dv-driver'), file);
  driver = <u64>file;
  const version = control(driver, DV_GET_API_VERSION, 0);
  if (version != <i64>DV_API_VERSION)
    failWith(STATUS_DRIVER, cstr('unknown version of the DV-driver'), version);

  const request = changetype<DelegationRequest>(requested);
  request.exceptions =
    (1 << cause.environmentCallFromVS) |
    (1 << cause.instructionGuestPageFault) |
    (1 << cause.loadGuestPageFault) |
    (1 << cause.virtualInstruction) |
    (1 << cause.storeGuestPageFault);
  request.interrupts = (1 << interrupt.usip) | (1 << interrupt.utip);
  const result = control(driver, DV_REQUEST_DELEG, requested);
  if (result < 0)
    failWith(STATUS_DRIVER, cstr('the DV-driver does not delegate the exits'), result);
}

/** Asks for a contiguous block of memory that the VM may use; ends the process when there is none. */
export function grantMemory(length: u64, purpose: usize): usize {
  const address = mapShared(driver, length);
  if (address < 0) failWith(STATUS_DRIVER, purpose, address);
  return <usize>address;
}

/** Physical address of granted memory. */
export function physicalOf(address: usize): u64 {
  const result = control(driver, DV_QUERY_PHYSICAL, address);
  if (result < 0) fail(STATUS_DRIVER, cstr('the DV-driver does not know its own grant'));
  return <u64>result;
}
