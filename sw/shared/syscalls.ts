/**
 * System calls of the host kernel: numbers, structures and error numbers of Linux on RISC-V. a7 = number, a0-a5 = arguments,
 * a0 = result or negative error number; every other register is kept. Error numbers a call can give are listed at the call.
 *
 * A process starts at its ELF entry with sp (16-byte aligned) → argc, argv[0..argc-1], 0, 0 (no environment), auxv AT_NULL (0, 0);
 * the strings lie above. Other registers are 0. The stack (64 KiB) ends below 0x40_0000_0000, mmap places areas from 0x10_0000_0000 up.
 * File descriptors 0, 1 and 2 are the console. A thread that faults ends its process with status 128 + signal number.
 */

/** ioctl(fd, request, argument): only on /dev/dv-driver (sw/dv-driver/abi.ts), /dev/kvm (sw/kvm/abi.ts) and /dev/net. EBADF, ENOTTY and those of the request. */
export const SYS_IOCTL: u64 = 29;
/**
 * openat(dirfd ignored, path, flags, mode) → file descriptor. Absolute paths of the RAM file system (read only), "/dev/console", "/dev/disk", "/dev/dv-driver", "/dev/net".
 * ENOENT, EACCES (writing to a file), EMFILE, EFAULT, ENAMETOOLONG (path over 255 bytes); for the driver EBUSY, ENODEV; for the disk ENODEV. /dev/net is the first
 * network interface that no process has: EBUSY, ENODEV, ENOMEM.
 */
export const SYS_OPENAT: u64 = 56;
/** close(fd). EBADF. Closing the driver releases everything the process got from it. EBUSY while a vCPU is registered. */
export const SYS_CLOSE: u64 = 57;
/** lseek(fd, offset, whence) → new position. Files and the disk only. EBADF, EINVAL, ESPIPE (console, driver). */
export const SYS_LSEEK: u64 = 62;
/**
 * read(fd, buffer, length) → bytes, 0 at the end of a file. The console waits until at least one byte is there. A network interface waits for a frame, and
 * gives as much of it as there is room for. EBADF, EFAULT, EINVAL.
 */
export const SYS_READ: u64 = 63;
/**
 * write(fd, buffer, length) → bytes. The console takes at most 16 KiB of them; a network interface one frame, from the destination address to the end of
 * the payload, and returns when it is copied. EBADF, EFAULT, EINVAL (a frame's length).
 */
export const SYS_WRITE: u64 = 64;
/**
 * pread64(fd, buffer, length, offset) and pwrite64 → bytes, 0 at the disk's end: of /dev/disk only, straight from or to the buffer. Length and
 * offset are multiples of 512, the buffer is aligned to 8. Fewer bytes than asked are moved where the buffer's pages stop following
 * each other in memory, or a request of the disk would be too long. EBADF, EFAULT, EINVAL (alignment, or a sector of the buffer in two places).
 */
export const SYS_PREAD64: u64 = 67;
export const SYS_PWRITE64: u64 = 68;
/** exit(status): ends the calling thread; the last thread ends the process with this status. */
export const SYS_EXIT: u64 = 93;
/** exit_group(status): ends the process; its other threads end at once, wherever they run. */
export const SYS_EXIT_GROUP: u64 = 94;
/**
 * futex(address, operation, value, timeout or 0, 0, bits): FUTEX_WAIT (timeout relative; EAGAIN, ETIMEDOUT), FUTEX_WAIT_BITSET (timeout absolute) and
 * FUTEX_WAKE (→ woken threads). EFAULT, EINVAL (not 4-byte aligned, other bits), ENOSYS.
 */
export const SYS_FUTEX: u64 = 98;
/** nanosleep(request, remainder ignored). EFAULT, EINVAL. */
export const SYS_NANOSLEEP: u64 = 101;
/** clock_gettime(clock, timespec): both clocks count from reset. EFAULT, EINVAL. */
export const SYS_CLOCK_GETTIME: u64 = 113;
/**
 * kill(process id, signal): SIGKILL ends the process at once, whatever its threads do, with status 128 + signal; 0 only asks whether it is there. Other processes than
 * the caller's own only for those that /etc/init lets end others. EINVAL (another signal), EPERM, ESRCH.
 */
export const SYS_KILL: u64 = 129;
/** sched_setaffinity(thread id or 0, mask bytes, mask): bit n = hart n; threads of the caller's process only. EFAULT, EINVAL (no hart left), ESRCH. */
export const SYS_SCHED_SETAFFINITY: u64 = 122;
/** sched_getaffinity(thread id or 0, mask bytes, mask) → 8: the harts the thread may use. EFAULT, EINVAL, ESRCH. */
export const SYS_SCHED_GETAFFINITY: u64 = 123;
/** sched_yield(): lets another thread of this hart run. */
export const SYS_SCHED_YIELD: u64 = 124;
/** getcpu(cpu, node, 0): stores the hart's number and node 0, either pointer may be 0. EFAULT. */
export const SYS_GETCPU: u64 = 168;
/** getpid() → process id. */
export const SYS_GETPID: u64 = 172;
/** gettid() → thread id (the first thread's equals the process id). */
export const SYS_GETTID: u64 = 178;
/** munmap(address, length): whole pages; a driver grant is given back with DV_RELEASE instead. EINVAL. */
export const SYS_MUNMAP: u64 = 215;
/**
 * clone(flags, stack, parent_tid, tls, child_tid) → thread id in the parent, 0 in the child, which starts after the ecall with sp = stack.
 * Only threads: CLONE_VM and CLONE_THREAD must be set; honoured: CLONE_SETTLS, CLONE_PARENT_SETTID, CLONE_CHILD_SETTID,
 * CLONE_CHILD_CLEARTID (stores 0 to child_tid and wakes one futex waiter there when the thread ends). The child inherits the affinity.
 * EINVAL, EAGAIN (no thread slot), EFAULT.
 */
export const SYS_CLONE: u64 = 220;
/**
 * mmap(address 0, length, protection, flags, fd, offset) → address. MAP_ANONYMOUS: zeroed private memory, pages appear on first touch.
 * fd of /dev/dv-driver: a grant, see abi.ts. EINVAL, ENOMEM, EBADF, EACCES (protection asks W and X).
 */
export const SYS_MMAP: u64 = 222;

/** getrandom(buffer, length, flags ignored) → bytes, at most 256 of them, of the machine's generator. EFAULT, ENOSYS (the machine has none). */
export const SYS_GETRANDOM: u64 = 278;

/** ioctl request of /dev/net: → the interface's address, its first byte lowest. */
export const NET_GET_ADDRESS: u64 = 0x6e01;

/** mmap protection: readable. */
export const PROT_READ: u64 = 1;
/** mmap protection: writable. */
export const PROT_WRITE: u64 = 2;
/** mmap protection: executable. */
export const PROT_EXEC: u64 = 4;
/** mmap flag: shared (what a grant is). */
export const MAP_SHARED: u64 = 0x01;
/** mmap flag: private. */
export const MAP_PRIVATE: u64 = 0x02;
/** mmap flag: not backed by a file. */
export const MAP_ANONYMOUS: u64 = 0x20;

/** clone flag: share the address space (required). */
export const CLONE_VM: u64 = 0x0000_0100;
/** clone flag: share the working directory (ignored, always shared). */
export const CLONE_FS: u64 = 0x0000_0200;
/** clone flag: share file descriptors (ignored, always shared). */
export const CLONE_FILES: u64 = 0x0000_0400;
/** clone flag: share signal handlers (ignored, there are none). */
export const CLONE_SIGHAND: u64 = 0x0000_0800;
/** clone flag: same process (required). */
export const CLONE_THREAD: u64 = 0x0001_0000;
/** clone flag: set the child's tp. */
export const CLONE_SETTLS: u64 = 0x0008_0000;
/** clone flag: store the thread id at parent_tid. */
export const CLONE_PARENT_SETTID: u64 = 0x0010_0000;
/** clone flag: at the thread's end store 0 at child_tid and wake a futex waiter. */
export const CLONE_CHILD_CLEARTID: u64 = 0x0020_0000;
/** clone flag: store the thread id at child_tid. */
export const CLONE_CHILD_SETTID: u64 = 0x0100_0000;
/** The flags a thread library passes. */
export const CLONE_THREAD_FLAGS: u64 =
  CLONE_VM |
  CLONE_FS |
  CLONE_FILES |
  CLONE_SIGHAND |
  CLONE_THREAD |
  CLONE_CHILD_SETTID |
  CLONE_CHILD_CLEARTID;

/** futex operation: sleep while the word equals the value. */
export const FUTEX_WAIT: u64 = 0;
/** futex operation: as FUTEX_WAIT, but until a time, which counts as CLOCK_MONOTONIC does; a5 is FUTEX_BITSET_MATCH_ANY. */
export const FUTEX_WAIT_BITSET: u64 = 9;
/** futex: waiters of all kinds, the only choice. */
export const FUTEX_BITSET_MATCH_ANY: u64 = 0xffff_ffff;
/** futex operation: wake up to value waiters. */
export const FUTEX_WAKE: u64 = 1;
/** futex modifier: within this process (always so; accepted and ignored). */
export const FUTEX_PRIVATE_FLAG: u64 = 128;

/** lseek from the start. */
export const SEEK_SET: u64 = 0;
/** lseek from the current position. */
export const SEEK_CUR: u64 = 1;
/** lseek from the end: lseek(fd, 0, SEEK_END) is the file's size. */
export const SEEK_END: u64 = 2;
/** openat flag: reading. */
export const O_RDONLY: u64 = 0;
/** openat flag: reading and writing. */
export const O_RDWR: u64 = 2;
/** openat directory: relative paths are not supported, the value is ignored. */
export const AT_FDCWD: i64 = -100;
/** clock_gettime clock: real time (counts from reset here). */
export const CLOCK_REALTIME: u64 = 0;
/** clock_gettime clock: monotonic. */
export const CLOCK_MONOTONIC: u64 = 1;

/** Time in seconds and nanoseconds, as the kernel reads and writes it. */
@unmanaged
export class Timespec {
  /** Whole seconds. */
  seconds: i64;
  /** Nanoseconds below one second. */
  nanoseconds: i64;
}

/** Not permitted. */
export const EPERM: i64 = 1;
/** No such file. */
export const ENOENT: i64 = 2;
/** No such thread or process. */
export const ESRCH: i64 = 3;
/** Bad file descriptor. */
export const EBADF: i64 = 9;
/** Try again (futex word changed, no thread slot). */
export const EAGAIN: i64 = 11;
/** Out of memory. */
export const ENOMEM: i64 = 12;
/** Permission denied. */
export const EACCES: i64 = 13;
/** Bad user address. */
export const EFAULT: i64 = 14;
/** Busy. */
export const EBUSY: i64 = 16;
/** Exists already. */
export const EEXIST: i64 = 17;
/** No such device. */
export const ENODEV: i64 = 19;
/** Invalid argument. */
export const EINVAL: i64 = 22;
/** Too many open files. */
export const EMFILE: i64 = 24;
/** No such ioctl on this file. */
export const ENOTTY: i64 = 25;
/** No space left (PMC entries, VM ids). */
export const ENOSPC: i64 = 28;
/** Not seekable. */
export const ESPIPE: i64 = 29;
/** Path too long. */
export const ENAMETOOLONG: i64 = 36;
/** No such system call. */
export const ENOSYS: i64 = 38;
/** Time ran out. */
export const ETIMEDOUT: i64 = 110;
/** The quota is used up. */
export const EDQUOT: i64 = 122;

/** Signal number a process would get for an illegal instruction: exit status 132. */
export const SIGILL: i64 = 4;
/** Signal number for a breakpoint: exit status 133. */
export const SIGTRAP: i64 = 5;
/** Signal number for an access fault, PMC and posting faults included: exit status 135. */
export const SIGBUS: i64 = 7;
/** Signal that ends a process, and that it cannot refuse: exit status 137. */
export const SIGKILL: i64 = 9;
/** Signal number for a page fault: exit status 139. */
export const SIGSEGV: i64 = 11;
