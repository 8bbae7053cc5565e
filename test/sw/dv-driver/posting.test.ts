import test from 'ava';
import { keep, resultsOf } from '../host/system-calls.ts';
import { executable, runHost, type MachineOptions } from '../software-machine.ts';
import {
  becomeVcpu,
  driverProcess,
  dv,
  enterGuest,
  keepExit,
  open,
  request,
} from './vm-process.ts';

const ENODEV = -19n;
const EBUSY = -16n;
const EINVAL = -22n;
const ENOSPC = -28n;
const unit = 0x0400_0000;
const windowOf = (vm: number): number => unit + vm * 0x4_0000;
const environmentCallFromVS = 10n;

async function resultOf(calls: string, options: MachineOptions = {}): Promise<readonly bigint[]> {
  const process = driverProcess(`${open}\n${calls}`);
  const { console } = await runHost('/bin/test\n', [executable('bin/test', process)], options);
  return resultsOf(console);
}

const enable = (count: number): string => `${request(dv.enablePosting, count)}\n${keep}\n`;

test('a VM gets its window once, for as many vCPUs as the unit has', async (t) => {
  const results = await resultOf(enable(0) + enable(9) + enable(2) + enable(2));
  t.deepEqual(results, [EINVAL, EINVAL, BigInt(windowOf(1)) | 1n, EBUSY]);
});

test('the window cannot be had while a vCPU is registered', async (t) => {
  t.deepEqual(await resultOf(`${becomeVcpu(1)}${enable(1)}`), [EBUSY]);
});

const without = [
  ['posting.interface=none', ENODEV],
  ['vmid=absent', ENODEV],
  ['vmidBits=0', ENOSPC],
] as const;

for (const [knob, result] of without) {
  test(`with ${knob} there is no posting`, async (t) => {
    t.deepEqual(await resultOf(enable(1), { set: [`harts.dvExt.${knob}`] }), [result]);
  });
}

test('where guests may not post, the driver says so', async (t) => {
  const set = ['harts.dvExt.posting.writers=hu'];
  t.deepEqual(await resultOf(enable(1), { set }), [BigInt(windowOf(1))]);
});

/** The process enables posting before it enters its guest on a hart. */
function poster(hart: 0 | 1, handler: string, guest: string): string {
  const entry = enterGuest(hart).replace(open, `${open}${request(dv.enablePosting, 2)}`);
  return driverProcess(
    `
    ${entry}
    huret
    .align 2
  handler:
    ${handler}
    `,
    `
  guest:
    ${guest}
    ecall
  guest_end:
    `,
  );
}

const good = poster(
  0,
  keepExit,
  `
  li t0, 30000
work:
  addi t0, t0, -1
  bnez t0, work
  `,
);

const noSuch = /posted to a vCPU that it does not have/;
const notGranted = /let its guest reach memory/;

const offences: readonly (readonly [what: string, reason: RegExp, program: string])[] = [
  [
    'guest posts to a vCPU that its VM does not have',
    noSuch,
    poster(1, keepExit, 'li t0, 2\ncsrw hu_vitr, t0'),
  ],
  [
    'exit handler posts to a vCPU that its VM does not have',
    noSuch,
    poster(1, 'li t0, 7\ncsrw hu_vitr, t0', ''),
  ],
  [
    'guest posts a vector that does not exist',
    noSuch,
    poster(1, keepExit, 'li t0, 0x400000\ncsrw hu_vitr, t0'),
  ],
  [
    'guest reaches for the window of another VM',
    notGranted,
    poster(1, keepExit, `li t0, ${String(windowOf(2))}\nsw t0, 4(t0)`),
  ],
  [
    'guest reaches for the registers of the host',
    notGranted,
    poster(1, keepExit, `li t0, ${String(unit)}\nsw t0, 4(t0)`),
  ],
];

for (const [what, reason, bad] of offences) {
  test(`a process whose ${what} is ended, another VM and the host go on`, async (t) => {
    const { console, text } = await runHost('/bin/bad\n/bin/good\n', [
      executable('bin/bad', bad),
      executable('bin/good', good),
    ]);
    t.regex(text, reason);
    t.regex(text, /\/bin\/bad\) ended with status 135/);
    t.notRegex(text, /\/bin\/good\) ended/);
    t.is(resultsOf(console.subarray(console.length - 24))[0], environmentCallFromVS);
  });
}

test('a vCPU can post to itself, and to one whose thread does not exist yet', async (t) => {
  const program = poster(
    1,
    keepExit,
    `
    csrwi sie, 2
    li t0, 0
    csrw hu_vitr, t0
    li t0, 1
    csrw hu_vitr, t0
    nop
    nop
    csrr t0, sip
    `,
  ).replace(keepExit, `mv a0, t0\n${keep}`);
  const { console } = await runHost('/bin/test\n', [executable('bin/test', program)]);
  t.deepEqual(resultsOf(console), [2n]);
});
