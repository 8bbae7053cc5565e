import { call } from '../software-machine.ts';

/** Numbers of the system calls that the tests make (Linux on RISC-V). */
export const sys = {
  ioctl: 29,
  openat: 56,
  close: 57,
  lseek: 62,
  read: 63,
  write: 64,
  pread64: 67,
  pwrite64: 68,
  exit: 93,
  exitGroup: 94,
  futex: 98,
  nanosleep: 101,
  clockGettime: 113,
  setAffinity: 122,
  kill: 129,
  getAffinity: 123,
  yield: 124,
  getcpu: 168,
  getpid: 172,
  gettid: 178,
  munmap: 215,
  clone: 220,
  mmap: 222,
  getrandom: 278,
} as const;

/** Keeps a0 as the next result; s0 points there. */
export const keep = '\nsd a0, 0(s0)\naddi s0, s0, 8\n';

/** Writes all results to the console as they are in memory, and ends the process. */
export const report = `
  la a1, results
  sub a2, s0, a1
  li a0, 1
  li a7, ${String(sys.write)}
  ecall
  ${call(sys.exitGroup, 0)}
`;

/** A process whose body keeps results and reports them at its end. */
export function reporting(body: string, more = ''): string {
  return `
    la s0, results
    ${body}
    ${report}
    ${more}
    .align 3
    results: .zero 1024
  `;
}

/** The results that a reporting process wrote, as signed numbers. */
export function resultsOf(console: Uint8Array): readonly bigint[] {
  const view = new DataView(console.buffer, console.byteOffset, console.byteLength);
  return Array.from({ length: Math.floor(console.length / 8) }, (_, index) =>
    view.getBigInt64(8 * index, true),
  );
}

/** Starts a thread at a label on a stack that ends at another; the id is in a0. */
export function thread(entry: string, stackEnd: string): string {
  return `
    la a1, ${stackEnd}
    li a0, ${String(0x1_0f00)}
    li a2, 0
    li a3, 0
    li a4, 0
    li a7, ${String(sys.clone)}
    ecall
    beqz a0, ${entry}
  `;
}
