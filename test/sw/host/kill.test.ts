import test from 'ava';
import { assemble } from '../../../hw/isa/index.ts';
import { runGuests } from '../boot-guests.ts';
import { call, executable, runHost } from '../software-machine.ts';
import { keep, reporting, resultsOf, sys } from './system-calls.ts';

const EPERM = -1n;
const ESRCH = -3n;
const EINVAL = -22n;
const SIGKILL = 9;

const pause = call(sys.nanosleep, 'time', 0);
const time = '.align 3\ntime: .dword 0, 2000000';

/** Ends process 1 after a while, asks for it at once, and after another while. */
const ender = executable(
  'bin/ender',
  reporting(
    `
    ${pause}
    ${call(sys.kill, 1, 0)}${keep}
    ${call(sys.kill, 1, SIGKILL)}${keep}
    ${pause}
    ${call(sys.kill, 1, 0)}${keep}
    `,
    time,
  ),
);

const victims = {
  'computes without a system call': 'forever: j forever',
  sleeps: `${call(sys.nanosleep, 'time', 0)}\n.align 3\ntime: .dword 1000, 0`,
};

for (const [what, program] of Object.entries(victims)) {
  test(`kill ends a process that ${what}, with 128 + SIGKILL`, async (t) => {
    const { console, text } = await runHost('/bin/victim\n!/bin/ender\n', [
      executable('bin/victim', program),
      ender,
    ]);
    const report = text.indexOf('host: process 1 (/bin/victim) ended with status 137\n');
    t.true(report >= 0);
    const line = text.slice(report).indexOf('\n') + 1;
    const results = Uint8Array.from([...console.slice(0, report), ...console.slice(report + line)]);
    t.deepEqual(resultsOf(results), [0n, 0n, ESRCH]);
  });
}

test('only a process that /etc/init lets end others may; there is one signal, and its own process is its own', async (t) => {
  const asker = executable(
    'bin/asker',
    reporting(`
      ${call(sys.kill, 1, SIGKILL)}${keep}
      ${call(sys.kill, 1, 0)}${keep}
      ${call(sys.kill, 99, SIGKILL)}${keep}
      ${call(sys.getpid)}
      li a1, 15
      li a7, ${String(sys.kill)}
      ecall
      ${keep}
    `),
  );
  const { end, console } = await runHost('/bin/sleeper\n/bin/asker\n', [
    executable('bin/sleeper', `${pause}\n${call(sys.exitGroup, 0)}\n${time}`),
    asker,
  ]);
  t.like(end, { verdict: { kind: 'passed' } });
  t.deepEqual(resultsOf(console), [EPERM, EPERM, ESRCH, EINVAL]);
});

test('a process may end itself', async (t) => {
  const program = `
    ${call(sys.getpid)}
    li a1, ${String(SIGKILL)}
    li a7, ${String(sys.kill)}
    ecall
    ${call(sys.exitGroup, 0)}
  `;
  const { text } = await runHost('/bin/a\n', [executable('bin/a', program)]);
  t.regex(text, /\(\/bin\/a\) ended with status 137/);
});

/** More than half of what may be granted, so that a second machine has to have the memory of the first. */
const littleMemory = ['memory.dram.size=34MiB'];

for (const [name, platform, hypervisor] of [
  ['DuVisor', 'duvisor-2hart', 'sw/duvisor'],
  ['the in-kernel hypervisor', 'no-dv-2hart', 'sw/kvm-vmm'],
] as const) {
  test(`a guest of ${name} that never exits is ended, and what it had is the next one’s`, async (t) => {
    const { bytes } = assemble('forever: j forever', { base: 0x8020_0000 });
    const { console, end } = await runGuests(
      [{ guest: bytes }, { guest: 'hello', isSpare: true }],
      { platform, hypervisor, set: littleMemory, operator: ['1', '10'], cycles: 20_000_000 },
    );
    t.regex(console, /operator: process 1 has had its time/);
    t.regex(console, /host: process 1 \(\/bin\/duvisor\) ended with status 137/);
    t.regex(console, /operator: process 1 is gone/);
    t.regex(console, /Hello from the guest/);
    t.is(end.kind, 'verdict');
  });
}
