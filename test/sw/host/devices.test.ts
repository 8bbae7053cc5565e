import test from 'ava';
import { splitMix } from '../../../hw/devices/split-mix.ts';
import { call, executable, runHost, type SoftwareRun } from '../software-machine.ts';
import { keep, reporting, resultsOf, sys } from './system-calls.ts';

const platform = 'duvisor-devices';
const seeds = { entropy: 1, disk: 2 };
const sectorWords = 64;
const diskBytes = 4096n * 512n;
const EFAULT = -14n;
const EINVAL = -22n;

const data = `
  disk: .asciz "/dev/disk"
  .align 3
  number: .zero 16
`;

/** Opens the disk, whose descriptor is 3, and gets a page for it in s1. */
const prepare = `
  ${call(sys.openat, -100, 'disk', 2)}${keep}
  ${call(sys.mmap, 0, 8192, 3, 0x22, -1, 0)}
  mv s1, a0
`;

function runProcess(body: string, set: readonly string[] = []): Promise<SoftwareRun> {
  return runHost('/bin/test\n', [executable('bin/test', reporting(body, data))], { platform, set });
}

const disk = 3;
const diskWord = (sector: number, word: number): bigint =>
  BigInt.asIntN(64, splitMix(seeds.disk, sector * sectorWords + word));

test('getrandom gives the numbers of the machine’s generator, any number of bytes of them', async (t) => {
  const { console } = await runProcess(`
    ${call(sys.getrandom, 'number', 8, 0)}${keep}
    la t0, number
    ld a0, 0(t0)${keep}
    ${call(sys.getrandom, 'number', 3, 0)}${keep}
    ${call(sys.getrandom, 0x4_0000, 8, 0)}${keep}
    la t0, number
    ld a0, 0(t0)${keep}`);
  const [first, second] = [0, 1].map((index) => splitMix(seeds.entropy, index)) as [bigint, bigint];
  const mixed = (first & ~0xff_ffffn) | (second & 0xff_ffffn);
  t.deepEqual(resultsOf(console), [
    8n,
    BigInt.asIntN(64, first),
    3n,
    EFAULT,
    BigInt.asIntN(64, mixed),
  ]);
});

test('pread brings sectors of the disk, pwrite changes them', async (t) => {
  const { console } = await runProcess(`
    ${prepare}
    ${call(sys.lseek, disk, 0, 2)}${keep}
    ${call(sys.pread64, disk, 's1', 1024, 5 * 512)}${keep}
    ld a0, 0(s1)${keep}
    ld a0, 1016(s1)${keep}
    sd zero, 0(s1)
    ${call(sys.pwrite64, disk, 's1', 512, 9 * 512)}${keep}
    ${call(sys.pread64, disk, 's1', 1024, 8 * 512)}${keep}
    ld a0, 0(s1)${keep}
    ld a0, 512(s1)${keep}
    ld a0, 520(s1)${keep}`);
  t.deepEqual(resultsOf(console), [
    3n,
    diskBytes,
    1024n,
    diskWord(5, 0),
    diskWord(6, 63),
    512n,
    1024n,
    diskWord(8, 0),
    0n,
    diskWord(5, 1),
  ]);
});

const refused: readonly (readonly [what: string, call: string, result: bigint])[] = [
  ['half a sector', call(sys.pread64, disk, 's1', 256, 0), EINVAL],
  ['from the middle of a sector', call(sys.pread64, disk, 's1', 512, 256), EINVAL],
  [
    'to an address that is not aligned',
    'addi s2, s1, 4\n' + call(sys.pread64, disk, 's2', 512, 0),
    EINVAL,
  ],
  ['to no memory', call(sys.pread64, disk, 0x4_0000, 512, 0), EFAULT],
  ['to the code of the kernel', call(sys.pread64, disk, 0x8020_0000, 512, 0), EFAULT],
  ['from the console', call(sys.pread64, 1, 's1', 512, 0), -9n],
  ['behind the end', call(sys.pread64, disk, 's1', 512, diskBytes), 0n],
  ['nothing', call(sys.pread64, disk, 's1', 0, 0), 0n],
  ['more than there is', call(sys.pread64, disk, 's1', 1024, diskBytes - 512n), 512n],
];

test('a transfer that cannot be gives its error', async (t) => {
  const body = refused.map(([, wrong]) => `${wrong}${keep}`).join('\n');
  const { console } = await runProcess(`${prepare}${body}`);
  t.deepEqual(
    resultsOf(console).slice(1),
    refused.map(([, , result]) => result),
    refused.map(([what]) => what).join(', '),
  );
});

test('a process that ends while the disk moves its data leaves nothing behind', async (t) => {
  // The second thread reads; the first ends both as soon as the disk is at it.
  const ended = await runProcess(`
    ${prepare}
    ${call(sys.mmap, 0, 4096, 3, 0x22, -1, 0)}
    li t0, 4096
    add t1, a0, t0
    ${call(sys.clone, 0x10f00, 't1', 0, 0, 0)}
    bnez a0, parent
    ${call(sys.pread64, disk, 's1', 4096, 0)}
    ${call(sys.exit, 0)}
    parent: ${call(sys.yield)}
    ${call(sys.exitGroup, 0)}`);
  t.is(ended.end.kind, 'verdict', ended.text);
});
