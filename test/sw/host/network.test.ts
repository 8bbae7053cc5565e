import test from 'ava';
import { call, executable, runHost, type SoftwareRun } from '../software-machine.ts';
import { keep, report, reporting, resultsOf, sys } from './system-calls.ts';

const platform = 'duvisor-devices';
const net = 3;
const getAddress = 0x6e01;
const EFAULT = -14n;
const EBUSY = -16n;
const ENODEV = -19n;
const EINVAL = -22n;
const ENOTTY = -25n;

const frameBytes = 100;
const data = `
  net: .asciz "/dev/net"
  .align 3
  frame: .byte ${Array.from({ length: frameBytes }, (_, index) => String(index)).join(', ')}
  .align 3
  room: .zero 2048
`;

const open = call(sys.openat, -100, 'net', 2);

function runProcess(body: string, from = platform): Promise<SoftwareRun> {
  const files = [executable('bin/test', reporting(body, data))];
  return runHost('/bin/test\n', files, { platform: from });
}

test('a frame that a process writes comes back from the other end of the link', async (t) => {
  const { console } = await runProcess(`
    ${open}${keep}
    ${call(sys.ioctl, net, getAddress, 0)}${keep}
    ${call(sys.write, net, 'frame', frameBytes)}${keep}
    ${call(sys.read, net, 'room', 2048)}${keep}
    la t0, room
    ld a0, 0(t0)${keep}
    lbu a0, ${String(frameBytes - 1)}(t0)${keep}
    lbu a0, ${String(frameBytes)}(t0)${keep}`);
  t.deepEqual(resultsOf(console), [
    3n,
    0x01_00_00_00_00_02n,
    100n,
    100n,
    0x07_06_05_04_03_02_01_00n,
    99n,
    0n,
  ]);
});

test('frames are read in the order in which they were written, more of them than there are buffers', async (t) => {
  const rounds = 6;
  const { console } = await runProcess(`
    ${open}
    li s1, 0
    each: la t0, frame
    sb s1, 0(t0)
    ${call(sys.write, net, 'frame', 60)}
    addi s1, s1, 1
    li t0, ${String(rounds)}
    blt s1, t0, each
    li s1, 0
    next: ${call(sys.read, net, 'room', 8)}${keep}
    la t0, room
    lbu a0, 0(t0)${keep}
    addi s1, s1, 1
    li t0, ${String(rounds)}
    blt s1, t0, next`);
  const expected = Array.from({ length: rounds }, (_, index) => [8n, BigInt(index)]).flat();
  t.deepEqual(resultsOf(console), expected, 'only as much as there is room for');
});

const refused: readonly (readonly [what: string, call: string, result: bigint])[] = [
  ['a frame without a whole header', call(sys.write, net, 'frame', 13), EINVAL],
  ['a frame that is too long', call(sys.write, net, 'frame', 1515), EINVAL],
  ['a frame that is nowhere', call(sys.write, net, 0x4_0000, 60), EFAULT],
  ['a second opening', open, EBUSY],
  ['an unknown request', call(sys.ioctl, net, 1, 0), ENOTTY],
];

test('what cannot be sent or opened gives its error', async (t) => {
  const body = refused.map(([, wrong]) => `${wrong}${keep}`).join('\n');
  const { console } = await runProcess(`${open}${body}`);
  t.deepEqual(
    resultsOf(console),
    refused.map(([, , result]) => result),
    refused.map(([what]) => what).join(', '),
  );
});

test('a machine without a network interface has none to open', async (t) => {
  const { console } = await runProcess(`${open}${keep}`, 'duvisor-2hart');
  t.deepEqual(resultsOf(console), [ENODEV]);
});

test('an interface that was closed is the next process’s, without the frames of the one before', async (t) => {
  const { console } = await runProcess(`
    ${open}
    ${call(sys.write, net, 'frame', 60)}
    ${call(sys.nanosleep, 'pause', 0)}
    ${call(sys.close, net)}${keep}
    ${open}${keep}
    la t0, frame
    li t1, 77
    sb t1, 0(t0)
    ${call(sys.write, net, 'frame', 61)}
    ${call(sys.read, net, 'room', 2048)}${keep}
    la t0, room
    lbu a0, 0(t0)${keep}
    ${report}
    .align 3
    pause: .dword 0, 1000000`);
  t.deepEqual(resultsOf(console), [0n, 3n, 61n, 77n]);
});

test('two processes at the ends of a link send to each other, and a thread that waits is ended with its process', async (t) => {
  const talk = (first: string) => reporting(`${open}${first}`, data);
  const sender = executable(
    'bin/sender',
    talk(`
      ${call(sys.read, net, 'room', 2048)}
      ${call(sys.write, net, 'room', 90)}
      ${call(sys.exitGroup, 0)}`),
  );
  const asker = executable(
    'bin/asker',
    talk(`
      ${call(sys.write, net, 'frame', 80)}
      ${call(sys.read, net, 'room', 2048)}${keep}
      la t0, room
      lbu a0, 79(t0)${keep}`),
  );
  const ended = await runHost('/bin/sender\n/bin/asker\n', [sender, asker], {
    platform: 'duvisor-link',
  });
  t.deepEqual(resultsOf(ended.console), [90n, 79n]);
  t.is(ended.end.kind, 'verdict');
});
