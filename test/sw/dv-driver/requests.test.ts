import test from 'ava';
import {
  call,
  executable,
  runHost,
  type MachineOptions,
  type SoftwareRun,
} from '../software-machine.ts';
import { keep, resultsOf, sys } from '../host/system-calls.ts';
import { becomeVcpu, driverProcess, dv, grant, open, request } from './vm-process.ts';

async function runProcess(
  body: string,
  more = '',
  options: MachineOptions = {},
): Promise<SoftwareRun> {
  return runHost('/bin/test\n', [executable('bin/test', driverProcess(body, more))], options);
}

const EPERM = -1n;
const EFAULT = -14n;
const EBUSY = -16n;
const EEXIST = -17n;
const EINVAL = -22n;
const ENOTTY = -25n;

const more = `
  .align 3
  no_ecall_from_u: .dword 0x100, 0
  no_timer: .dword 0, 0x20
  both_harts: .dword 3
`;

const steps: readonly (readonly [what: string, calls: string, result: bigint])[] = [
  ['version', request(dv.version), 1n],
  ['an unknown request', request(0x6b7f), ENOTTY],
  ['a second open', call(sys.openat, -100, 'driver', 2), EBUSY],
  ['read', call(sys.read, 's1', 'all', 8), EINVAL],
  ['the id of the first VM', request(dv.getVmid), 1n],
  ['a vCPU before delegation', request(dv.registerVcpu, 0), EPERM],
  ['ecall from U is not delegable', request(dv.requestDelegation, 'no_ecall_from_u'), EPERM],
  ['the host’s timer is not delegable', request(dv.requestDelegation, 'no_timer'), EPERM],
  ['delegation from no memory', request(dv.requestDelegation, 0x4_0000), EFAULT],
  ['delegation', request(dv.requestDelegation, 'all'), 0n],
  ['a vCPU that may run on two harts', request(dv.registerVcpu, 0), EINVAL],
  ['pinning', call(sys.setAffinity, 0, 8, 'hart_1'), 0n],
  ['vCPU 64', request(dv.registerVcpu, 64), EINVAL],
  ['unregister without vCPU', request(dv.unregisterVcpu), EINVAL],
  ['a kick of nobody', request(dv.kickVcpu, 0), EINVAL],
  ['vCPU 3', request(dv.registerVcpu, 3), 0n],
  ['vCPU 4 of the same thread', request(dv.registerVcpu, 4), EBUSY],
  ['delegation while there is a vCPU', request(dv.requestDelegation, 'all'), EBUSY],
  ['close while there is a vCPU', call(sys.close, 's1'), EBUSY],
  ['a kick of itself', request(dv.kickVcpu, 3), 1n],
  ['a kick of another', request(dv.kickVcpu, 4), EINVAL],
  ['a fence', request(dv.fenceGuest), 0n],
  ['a root that is not aligned', request(dv.setStage2Root, 0x8040_1000), EINVAL],
  ['a root in the host’s memory', request(dv.setStage2Root, 0x8040_0000), EFAULT],
  ['the physical address of the code', request(dv.queryPhysical, 0x1_0000), EFAULT],
  ['release of nothing', request(dv.release, 0x10_0000_0000), EINVAL],
  ['unregister', request(dv.unregisterVcpu), 0n],
  ['close', call(sys.close, 's1'), 0n],
  ['a request after close', request(dv.version), -9n],
  ['open again', call(sys.openat, -100, 'driver', 2), 3n],
  ['the id is used again', request(dv.getVmid), 1n],
];

test('each request answers as the interface says', async (t) => {
  const body = open + steps.map(([, text]) => text + keep).join('\n');
  const { console, text } = await runProcess(body, more);
  const results = resultsOf(console);
  steps.forEach(([what, , expected], index) => {
    t.is(results[index], expected, `${what}\n${text}`);
  });
});

test('two threads cannot be the same vCPU', async (t) => {
  const { console } = await runProcess(
    `
    ${open}
    ${becomeVcpu(0)} ${keep}
    la a1, stack_end
    li a0, ${String(0x1_0f00)}
    li a2, 0
    li a3, 0
    li a4, 0
    li a7, ${String(sys.clone)}
    ecall
    beqz a0, child
    ${call(sys.futex, 'word', 0, 0, 0)}
    la t0, word
    ld a0, 8(t0)
    ${keep}
    `,
    `
    child:
      ${request(dv.registerVcpu, 0)}
      la t0, word
      sd a0, 8(t0)
      li t1, 1
      sw t1, 0(t0)
      ${call(sys.futex, 'word', 1, 1)}
      ${call(sys.exit, 0)}
    .align 4
    .zero 256
    stack_end: .dword 0
    word: .dword 0, 0
    `,
  );
  t.deepEqual(resultsOf(console), [0n, EEXIST]);
});

test('a grant is contiguous, aligned, mapped, and inside the quota', async (t) => {
  const MiB = 0x10_0000;
  const { console } = await runProcess(`
    ${open}
    ${grant(4 * MiB)} mv s2, a0
    li t0, ${String(4 * MiB - 8)}
    add t1, s2, t0
    ld a0, 0(t1)
    ${keep}
    sd t0, 0(t1)
    ${request(dv.queryPhysical, 's2')} mv s3, a0 ${keep}
    li t0, ${String(4 * MiB - 1)}
    add a2, s2, t0
    mv a0, s1
    li a1, ${String(dv.queryPhysical)}
    li a7, ${String(sys.ioctl)}
    ecall
    sub a0, a0, s3
    ${keep}
    ${grant(5000)} mv s4, a0
    ${request(dv.queryPhysical, 's4')} ${keep}
    ${grant(0)} ${keep}
    ${grant(190 * MiB)} ${keep}
    ${call(sys.munmap, 's2', 4096)} ${keep}
    ${request(dv.setStage2Root, 's3')} ${keep}
    ${request(dv.release, 's2')} ${keep}
    ${request(dv.setStage2Root, 0)} ${keep}
    ${request(dv.release, 's2')} ${keep}
    ${request(dv.queryPhysical, 's2')} ${keep}
    ${grant(4 * MiB)} mv s5, a0
    li t0, ${String(4 * MiB - 8)}
    add t1, s5, t0
    ld a0, 0(t1)
    ${keep}
    ${request(dv.queryPhysical, 's5')} sub a0, a0, s3 ${keep}
  `);
  const [fresh, first = 0n, last, small = 0n, ...rest] = resultsOf(console);
  t.is(fresh, 0n);
  t.is(first % BigInt(4 * MiB), 0n, 'a power of two is aligned to its size');
  t.is(last, BigInt(4 * MiB - 1));
  t.is(small % 4096n, 0n);
  t.deepEqual(rest, [EINVAL, -122n, EINVAL, 0n, EBUSY, 0n, 0n, EFAULT, 0n, 0n]);
});

test('a VM holds eight grants at most', async (t) => {
  const { console } = await runProcess(
    open + Array.from({ length: 9 }, () => grant(4096) + '\nslti a0, a0, 0\n' + keep).join('\n'),
  );
  t.deepEqual(resultsOf(console), [0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 1n]);
});

test('a process can use released memory no more', async (t) => {
  const { text } = await runProcess(`
    ${open}
    ${grant(4096)} mv s2, a0
    sd zero, 0(s2)
    ${request(dv.release, 's2')}
    sd zero, 0(s2)
  `);
  t.regex(text, /touched memory that is not its own/);
});

test('the registers of the exit handler are closed before and after a thread is a vCPU', async (t) => {
  for (const before of [open, `${open}${becomeVcpu(1)}${request(dv.unregisterVcpu)}`]) {
    const { text } = await runProcess(`${before}\ncsrr t0, utvec`);
    t.regex(text, /executed an illegal instruction/);
  }
});

test('a machine whose guest timer has no registers has no driver', async (t) => {
  const { console, text } = await runProcess(open + keep, '', {
    platform: 'prototype-2hart',
    set: ['harts.dvExt.profile=paper', 'harts.dvExt.vtimer.registers=clint'],
  });
  t.deepEqual(resultsOf(console), [-19n], text);
});

test('a machine without DV-Ext has no driver', async (t) => {
  const { console } = await runProcess(open + keep, '', { platform: 'no-dv-2hart' });
  t.deepEqual(resultsOf(console), [-19n]);
});
