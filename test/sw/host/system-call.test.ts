import test from 'ava';
import { call, executable, runHost, type SoftwareRun } from '../software-machine.ts';
import { keep, reporting, resultsOf, sys } from './system-calls.ts';

const file = { path: 'data/file', contents: new TextEncoder().encode('0123456789abcdefghij') };

async function runProcess(body: string, more = ''): Promise<SoftwareRun> {
  return runHost('/bin/test\n', [executable('bin/test', reporting(body, more)), file]);
}

const strings = `
  name: .asciz "/data/file"
  missing: .asciz "/data/none"
  device: .asciz "/dev/console"
  .align 3
  buffer: .zero 64
  short: .dword 0, 3000000
  wrong: .dword 0, 1000000000
  mask: .dword 2
  no_hart: .dword 0x80
  word: .word 5, 0
`;
const EFAULT = -14n;
const EINVAL = -22n;

const errors: readonly (readonly [what: string, calls: string, result: bigint])[] = [
  ['an unknown call', call(999), -38n],
  ['read of a closed descriptor', call(sys.read, 9, 'buffer', 8), -9n],
  ['read of descriptor 99', call(sys.read, 99, 'buffer', 8), -9n],
  ['write from the kernel’s memory', call(sys.write, 1, 0x8020_0000, 8), EFAULT],
  ['write from no memory', call(sys.write, 1, 0x4_0000, 8), EFAULT],
  ['a missing file', call(sys.openat, -100, 'missing', 0), -2n],
  ['a path in no memory', call(sys.openat, -100, 0x4_0000, 0), EFAULT],
  ['a file for writing', call(sys.openat, -100, 'name', 2), -13n],
  ['an ioctl on the console', call(sys.ioctl, 1, 0x6b01, 0), -25n],
  ['lseek on the console', call(sys.lseek, 1, 0, 0), -29n],
  ['close of a closed descriptor', call(sys.close, 9), -9n],
  ['mmap of nothing', call(sys.mmap, 0, 0, 3, 0x22, -1, 0), EINVAL],
  ['mmap at a wanted address', call(sys.mmap, 0x10_0000, 4096, 3, 0x22, -1, 0), EINVAL],
  ['mmap writable and executable', call(sys.mmap, 0, 4096, 7, 0x22, -1, 0), -13n],
  ['mmap of the console', call(sys.mmap, 0, 4096, 3, 1, 1, 0), EINVAL],
  ['mmap of a closed descriptor', call(sys.mmap, 0, 4096, 3, 1, 9, 0), -9n],
  ['munmap of half a page', call(sys.munmap, 0x1_0800, 4096), EINVAL],
  ['futex on an odd address', call(sys.futex, 0x1_0001, 0, 0, 0), EINVAL],
  ['futex in no memory', call(sys.futex, 0x4_0000, 0, 0, 0), EFAULT],
  ['futex wait when the word has changed', call(sys.futex, 'word', 0, 4, 0), -11n],
  ['futex wait until a timeout', call(sys.futex, 'word', 128, 5, 'short'), -110n],
  ['futex wake without waiters', call(sys.futex, 'word', 1, 9, 0), 0n],
  ['futex wait until a time', call(sys.futex, 'word', 137, 5, 'short', 0, 0xffff_ffff), -110n],
  ['futex wait for some bits', call(sys.futex, 'word', 137, 5, 'short', 0, 1), EINVAL],
  ['an unknown futex operation', call(sys.futex, 'word', 2, 0, 0), -38n],
  ['nanosleep of a second of nanoseconds', call(sys.nanosleep, 'wrong', 0), EINVAL],
  ['an unknown clock', call(sys.clockGettime, 9, 'buffer'), EINVAL],
  ['affinity to harts that are not there', call(sys.setAffinity, 0, 8, 'no_hart'), EINVAL],
  ['affinity of a thread that is not there', call(sys.setAffinity, 77, 8, 'mask'), -3n],
  ['a mask that is too short', call(sys.getAffinity, 0, 4, 'buffer'), EINVAL],
  ['clone of a process', call(sys.clone, 17, 0, 0, 0, 0), EINVAL],
  ['the driver’s requests on a file', call(sys.ioctl, 9, 0x6b01, 0), -9n],
];

test('a wrong system call gives its error and changes nothing', async (t) => {
  const { console } = await runProcess(
    errors.map(([, text]) => `${text}\n${keep}`).join('\n'),
    strings,
  );
  const results = resultsOf(console);
  errors.forEach(([what, , expected], index) => {
    t.is(results[index], expected, what);
  });
});

test('a file is read in pieces to its end and positioned', async (t) => {
  const { console } = await runProcess(
    `
    ${call(sys.openat, -100, 'name', 0)} ${keep} mv s1, a0
    ${call(sys.read, 's1', 'buffer', 8)} ${keep}
    la t0, buffer
    ld a0, 0(t0)
    ${keep}
    ${call(sys.lseek, 's1', 0, 2)} ${keep}
    ${call(sys.read, 's1', 'buffer', 8)} ${keep}
    ${call(sys.lseek, 's1', -4, 1)} ${keep}
    ${call(sys.read, 's1', 'buffer', 64)} ${keep}
    la t0, buffer
    lwu a0, 0(t0)
    ${keep}
    ${call(sys.lseek, 's1', -1, 0)} ${keep}
    ${call(sys.close, 's1')} ${keep}
    ${call(sys.read, 's1', 'buffer', 8)} ${keep}
    `,
    strings,
  );
  const text = (from: number, to: number): bigint =>
    [...file.contents.subarray(from, to)].reduceRight(
      (sum, byte) => (sum << 8n) | BigInt(byte),
      0n,
    );
  t.deepEqual(resultsOf(console), [
    3n,
    8n,
    text(0, 8),
    20n,
    0n,
    16n,
    4n,
    text(16, 20),
    EINVAL,
    0n,
    -9n,
  ]);
});

test('anonymous memory is zero, keeps what is written, and is gone after munmap', async (t) => {
  const { console, text } = await runProcess(
    `
    ${call(sys.mmap, 0, 3 * 4096, 3, 0x22, -1, 0)} mv s1, a0
    li t0, 8192
    add s2, s1, t0
    ld a0, 0(s2)
    ${keep}
    li t0, 42
    sd t0, 0(s2)
    sd t0, 0(s1)
    ${call(sys.munmap, 's1', 4096)} ${keep}
    ld a0, 0(s2)
    ${keep}
    la a1, results
    sub a2, s0, a1
    li a0, 1
    li a7, ${String(sys.write)}
    ecall
    ld a0, 0(s1)
    `,
  );
  t.deepEqual(resultsOf(console.subarray(0, 24)), [0n, 0n, 42n]);
  t.regex(text, /touched memory that is not its own/);
});

test('nanosleep takes as long as asked, by the clock that clock_gettime reads', async (t) => {
  const { console } = await runProcess(
    `
    rdtime s2
    ${call(sys.clockGettime, 1, 'buffer')}
    la t0, buffer
    ld s3, 8(t0)
    ${call(sys.nanosleep, 'short', 0)} ${keep}
    rdtime a0
    sub a0, a0, s2
    ${keep}
    ${call(sys.clockGettime, 1, 'buffer')}
    la t0, buffer
    ld a0, 8(t0)
    sub a0, a0, s3
    ${keep}
    `,
    strings,
  );
  const [error, ticks = 0n, nanoseconds = 0n] = resultsOf(console);
  t.is(error, 0n);
  t.true(ticks >= 3000n && ticks < 3100n, String(ticks));
  t.true(nanoseconds >= 3_000_000n && nanoseconds < 3_100_000n, String(nanoseconds));
});

test('a thread goes to the harts of its affinity', async (t) => {
  const { console } = await runProcess(
    `
    ${call(sys.getAffinity, 0, 8, 'buffer')} ${keep}
    la t0, buffer
    ld a0, 0(t0)
    ${keep}
    ${call(sys.setAffinity, 0, 8, 'mask')} ${keep}
    ${call(sys.getcpu, 'word', 0, 0)} ${keep}
    la t0, word
    lwu a0, 0(t0)
    ${keep}
    `,
    strings,
  );
  t.deepEqual(resultsOf(console), [8n, 3n, 0n, 0n, 1n]);
});
