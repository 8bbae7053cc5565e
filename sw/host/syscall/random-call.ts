import { EFAULT, ENOSYS } from '../../shared/syscalls.ts';
import { ld } from '../../shared/rv.ts';
import { entropyAddress } from '../machine.ts';
import { deviceAddress } from '../memory/page-table.ts';
import { copyOut } from '../memory/user-memory.ts';
import { Thread } from '../process/thread.ts';

/** Most bytes of one call, so that the kernel is not kept for longer. */
const MOST_BYTES: u64 = 256;
const NUMBER_BYTES: u64 = 8;
const number: usize = memory.data(8, 8);

/** getrandom(buffer, length, flags): a register of the machine's generator gives the next 64 bits each time it is read. */
export function callGetrandom(thread: Thread): i64 {
  const generator = entropyAddress == 0 ? 0 : deviceAddress(entropyAddress);
  if (generator == 0) return -ENOSYS;
  const length = thread.a1 < MOST_BYTES ? thread.a1 : MOST_BYTES;
  for (let done: u64 = 0; done < length; done += NUMBER_BYTES) {
    store<u64>(number, ld(generator, 0));
    const part = length - done < NUMBER_BYTES ? length - done : NUMBER_BYTES;
    if (!copyOut(thread.process, thread.a0 + done, number, part))
      return done == 0 ? -EFAULT : <i64>done;
  }
  return <i64>length;
}
