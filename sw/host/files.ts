import { CpioMember, findCpio } from '../shared/cpio-reader.ts';
import { cstr } from '../shared/rv.ts';
import { stringsEqual } from '../shared/strings.ts';
import { EACCES, EMFILE, ENODEV, ENOENT } from '../shared/syscalls.ts';
import { closeDriver, openDriver } from '../dv-driver/open.ts';
import { openKvm } from '../kvm/open.ts';
import { diskBytes, hasDisk } from './disk.ts';
import { initrdEnd, initrdStart } from './machine.ts';
import { closeNic, openNic } from './network/network.ts';
import { nicAt } from './network/nic.ts';
import { FILE_CAPACITY, fileAt, Process } from './process/process.ts';

/** What a descriptor stands for. */
const FILE_FREE: u64 = 0;
export const FILE_CONSOLE: u64 = 1;
export const FILE_REGULAR: u64 = 2;
export const FILE_DRIVER: u64 = 3;
export const FILE_KVM: u64 = 4;
export const FILE_DISK: u64 = 5;
export const FILE_NET: u64 = 6;

/** Access mode bits of the openat flags. */
const ACCESS_MODE: u64 = 3;

/** One open file of a process. */
@unmanaged
export class OpenFile {
  /** FILE_*. */
  kind: u64;
  /** Contents, in the RAM file system. */
  data: usize;
  size: u64;
  /** In bytes; for a network interface its number. */
  position: u64;
}

const member = changetype<CpioMember>(memory.data(offsetof<CpioMember>(), 8));

/** Finds a file of the RAM file system; its contents are `member`'s until the next search. */
export function findFile(path: usize): CpioMember | null {
  if (initrdStart == 0) return null;
  return findCpio(initrdStart, initrdEnd, path, member) ? member : null;
}

/** The open file behind a descriptor, or null. */
export function openFile(process: Process, descriptor: u64): OpenFile | null {
  if (descriptor >= FILE_CAPACITY) return null;
  const file = fileAt(process, descriptor);
  return file.kind == FILE_FREE ? null : file;
}

/** Gives a new process its console on descriptors 0, 1 and 2. */
export function openStandardFiles(process: Process): void {
  for (let i: u64 = 0; i < FILE_CAPACITY; i++) {
    fileAt(process, i).kind = i < 3 ? FILE_CONSOLE : FILE_FREE;
  }
}

/** Opens a path; the descriptor or a negative error number. */
export function open(process: Process, path: usize, flags: u64): i64 {
  let descriptor: u64 = 0;
  while (descriptor < FILE_CAPACITY && fileAt(process, descriptor).kind != FILE_FREE) descriptor++;
  if (descriptor == FILE_CAPACITY) return -EMFILE;
  const file = fileAt(process, descriptor);
  file.position = 0;
  if (stringsEqual(path, cstr('/dev/console'))) {
    file.kind = FILE_CONSOLE;
    return <i64>descriptor;
  }
  if (stringsEqual(path, cstr('/dev/dv-driver'))) {
    const result = openDriver(process);
    if (result < 0) return result;
    file.kind = FILE_DRIVER;
    return <i64>descriptor;
  }
  if (stringsEqual(path, cstr('/dev/kvm'))) {
    const result = openKvm(process);
    if (result < 0) return result;
    file.kind = FILE_KVM;
    return <i64>descriptor;
  }
  if (stringsEqual(path, cstr('/dev/disk'))) {
    if (!hasDisk()) return -ENODEV;
    file.kind = FILE_DISK;
    file.size = diskBytes();
    return <i64>descriptor;
  }
  if (stringsEqual(path, cstr('/dev/net'))) {
    const result = openNic(process);
    if (result < 0) return result;
    file.kind = FILE_NET;
    file.position = <u64>result;
    return <i64>descriptor;
  }
  const found = findFile(path);
  if (found === null) return -ENOENT;
  if ((flags & ACCESS_MODE) != 0) return -EACCES;
  file.kind = FILE_REGULAR;
  file.data = found.data;
  file.size = found.size;
  return <i64>descriptor;
}

/** Closes an open file; 0 or a negative error number. A VM of the in-kernel hypervisor ends with its process, not before. */
export function close(process: Process, file: OpenFile): i64 {
  if (file.kind == FILE_DRIVER) {
    const result = closeDriver(process);
    if (result < 0) return result;
  }
  if (file.kind == FILE_NET) closeNic(nicAt(file.position));
  file.kind = FILE_FREE;
  return 0;
}
