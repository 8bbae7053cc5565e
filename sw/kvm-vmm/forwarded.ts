import * as cause from 'rv/cause';
import { ld, probe } from '../shared/rv.ts';
import { ACCESS_STORE, decodeAccess, extend, registerOfAccess } from '../shared/load-store.ts';
import { readRegister, writeRegister } from '../shared/registers.ts';
import {
  SBI_DEVICE,
  SBI_DEVICE_PATIENCE,
  SBI_DEVICE_RAISE,
  SBI_ERR_FAILED,
  SBI_ERR_INVALID_ADDRESS,
  SBI_ERR_INVALID_PARAM,
  SBI_NULL,
  SBI_SUCCESS,
} from '../shared/sbi.ts';
import {
  ANSWER_KERNEL,
  ANSWER_RESUME,
  ForwardedExit,
  KVM_LINE_LOW,
  KVM_SET_LINE,
} from '../kvm/abi.ts';
import { isDevice, readDevice, writeDevice } from '../vmm/devices/device-bus.ts';
import { hostOfRam } from '../vmm/guest-ram.ts';
import { control } from '../vmm/host.ts';
import { PLIC_SOURCES } from '../vmm/interrupt-controller.ts';
import { vcpuCount } from '../vmm/options.ts';
import { kvm } from './kvm.ts';
import { inDecode, inDeviceCall, inExitHandler, inHypercall } from '../planted-bugs/points.ts';

const ECALL_BYTES: u64 = 4;
const WORD_BYTES: u64 = 8;
const PAGE_MASK: u64 = 0xfff;

/**
 * Handles an exit of a vCPU that the kernel forwarded. Done here are what needs no privilege: calls that compute, devices, interrupts on behalf of devices.
 * What needs it is answered with a request to the kernel: memory, hart states, timers, fences, sleeping, the end.
 */
export function answerForwarded(exit: ForwardedExit, vcpu: u64): void {
  probe('handler');
  inExitHandler(changetype<usize>(exit));
  exit.answer = isHandled(exit, vcpu) ? ANSWER_RESUME : ANSWER_KERNEL;
  probe('transfer');
}

function isHandled(exit: ForwardedExit, vcpu: u64): bool {
  switch (<u32>exit.cause) {
    case <u32>cause.environmentCallFromVS:
      return answerCall(exit);
    case <u32>cause.loadGuestPageFault:
    case <u32>cause.storeGuestPageFault:
      return accessDevice(exit, vcpu);
    default:
      return false;
  }
}

function answerCall(exit: ForwardedExit): bool {
  if (exit.a7 == SBI_NULL) {
    inHypercall(changetype<usize>(exit));
    return finishCall(exit, SBI_SUCCESS);
  }
  if (exit.a7 == SBI_DEVICE && exit.a6 == SBI_DEVICE_RAISE) return finishCall(exit, raise(exit));
  return false;
}

function finishCall(exit: ForwardedExit, error: i64): bool {
  exit.a0 = <u64>error;
  exit.a1 = 0;
  exit.pc += ECALL_BYTES;
  return true;
}

/** The device extension (sw/shared/sbi.ts), through the kernel's KVM_SET_LINE. */
function raise(exit: ForwardedExit): i64 {
  inDeviceCall(changetype<usize>(exit));
  const hart = exit.a0;
  if (hart >= vcpuCount || exit.a1 - 1 >= <u64>PLIC_SOURCES) return SBI_ERR_INVALID_PARAM;
  const word = (exit.a2 & (WORD_BYTES - 1)) == 0 ? hostOfRam(exit.a2, WORD_BYTES) : 0;
  if (word == 0) return SBI_ERR_INVALID_ADDRESS;
  const before = ld(word, 0);
  let patience = SBI_DEVICE_PATIENCE;
  probe('vext');
  control(kvm, KVM_SET_LINE, hart);
  do {
    if (ld(word, 0) != before) break;
  } while (--patience != 0);
  probe('arrived');
  control(kvm, KVM_SET_LINE, hart | KVM_LINE_LOW);
  return patience == 0 ? SBI_ERR_FAILED : SBI_SUCCESS;
}

/** Does what the guest's load or store asks of a device; false when there is none, or it is not a load or store of the instruction itself. */
function accessDevice(exit: ForwardedExit, vcpu: u64): bool {
  const address = (exit.guestAddress << 2) | (exit.value & 3);
  if (!isDevice(address) || ((address ^ exit.value) & PAGE_MASK) != 0) return false;
  probe('decode');
  const instruction = <u32>exit.instruction;
  inDecode(changetype<usize>(exit));
  const access = decodeAccess(instruction);
  if (access == 0) return false;
  probe('device');
  const registers = changetype<usize>(exit);
  const register = registerOfAccess(access);
  if (access & ACCESS_STORE) writeDevice(address, readRegister(registers, register), vcpu);
  else writeRegister(registers, register, extend(readDevice(address), access));
  exit.pc += (instruction & 3) == 3 ? 4 : 2;
  return true;
}
