import { ETHERNET_HEADER_BYTES, ETHERNET_LONGEST_FRAME } from '../../shared/ethernet.ts';
import { EFAULT, EINVAL, ENOTTY, NET_GET_ADDRESS } from '../../shared/syscalls.ts';
import { OpenFile } from '../files.ts';
import { Hart } from '../hart.ts';
import { awaitFrame, awaitSendBuffer, sendFrame, takeFrame } from '../network/network.ts';
import { addressOf, nicAt } from '../network/nic.ts';
import { Thread } from '../process/thread.ts';

const ECALL_BYTES: u64 = 4;

/** The thread sleeps, and comes back to the same ecall with the same a0. */
function again(thread: Thread): i64 {
  thread.pc -= ECALL_BYTES;
  return <i64>thread.a0;
}

/** read(fd, buffer, length) of a network interface: one frame. */
export function callReceive(hart: Hart, thread: Thread, file: OpenFile): i64 {
  const nic = nicAt(file.position);
  if (!awaitFrame(hart, thread, nic)) return again(thread);
  const bytes = takeFrame(thread.process, nic, thread.a1, thread.a2);
  return bytes < 0 ? -EFAULT : bytes;
}

/** write(fd, buffer, length) of a network interface: one frame. */
export function callSend(hart: Hart, thread: Thread, file: OpenFile): i64 {
  const length = thread.a2;
  if (length < <u64>ETHERNET_HEADER_BYTES || length > <u64>ETHERNET_LONGEST_FRAME) return -EINVAL;
  const nic = nicAt(file.position);
  if (!awaitSendBuffer(hart, thread, nic)) return again(thread);
  return sendFrame(thread.process, nic, thread.a1, length) ? <i64>length : -EFAULT;
}

/** ioctl(fd, request, 0) of a network interface. */
export function callNetControl(request: u64, file: OpenFile): i64 {
  return request == NET_GET_ADDRESS ? <i64>addressOf(nicAt(file.position)) : -ENOTTY;
}
