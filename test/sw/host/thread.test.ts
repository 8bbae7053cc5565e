import test from 'ava';
import { call, executable, runHost, type SoftwareRun } from '../software-machine.ts';
import { keep, reporting, resultsOf, sys, thread } from './system-calls.ts';

const stack = `
  .align 4
  .zero 512
  stack_end: .dword 0
  .align 3
  word: .word 0, 0
  counter: .dword 0
  mask: .dword 1
`;

async function runThreads(body: string, more: string): Promise<SoftwareRun> {
  return runHost('/bin/test\n', [executable('bin/test', reporting(body, more + stack))]);
}

test('a thread waits in a futex until another wakes it', async (t) => {
  const { end, console } = await runThreads(
    `
    ${thread('child', 'stack_end')}
    slti a0, a0, 1
    ${keep}
    ${call(sys.futex, 'word', 0, 0, 0)} ${keep}
    la t0, counter
    ld a0, 0(t0)
    ${keep}
    `,
    `
    child:
      li t0, 20000
    work:
      addi t0, t0, -1
      bnez t0, work
      la t0, counter
      li t1, 7
      sd t1, 0(t0)
      ${call(sys.futex, 'word', 1, 1)}
      ${call(sys.exit, 0)}
    `,
  );
  t.like(end, { verdict: { kind: 'passed' } });
  t.deepEqual(resultsOf(console), [0n, 0n, 7n]);
});

test('the child’s end clears its thread id and wakes who waits for that', async (t) => {
  const { console } = await runThreads(
    `
    la a1, stack_end
    li a0, ${String(0x121_0f00)}
    li a2, 0
    li a3, 0
    la a4, word
    li a7, ${String(sys.clone)}
    ecall
    beqz a0, child
    mv s1, a0
    la t0, word
    lw a0, 0(t0)
    sub a0, a0, s1
    ${keep}
    ${call(sys.futex, 'word', 0, 's1', 0)} ${keep}
    la t0, word
    lw a0, 0(t0)
    ${keep}
    `,
    `
    child:
      ${call(sys.nanosleep, 'short', 0)}
      ${call(sys.exit, 0)}
    .align 3
    short: .dword 0, 2000000
    `,
  );
  t.deepEqual(resultsOf(console), [0n, 0n, 0n]);
});

test('two threads that never call the kernel share one hart', async (t) => {
  const { end, console } = await runThreads(
    `
    ${call(sys.setAffinity, 0, 8, 'mask')}
    ${thread('child', 'stack_end')}
    la t0, counter
  wait:
    ld a0, 0(t0)
    li t1, 1000
    bltu a0, t1, wait
    li a0, 1
    ${keep}
    `,
    `
    child:
      la t0, counter
    count:
      ld t1, 0(t0)
      addi t1, t1, 1
      sd t1, 0(t0)
      j count
    `,
  );
  t.like(end, { verdict: { kind: 'passed' } });
  t.deepEqual(resultsOf(console), [1n]);
});

test('exit_group ends a thread that runs on another hart and never calls the kernel', async (t) => {
  const { end } = await runThreads(
    `
    ${thread('child', 'stack_end')}
    la t0, counter
  wait:
    ld a0, 0(t0)
    beqz a0, wait
    `,
    `
    child:
      la t0, counter
      sd t0, 0(t0)
    forever:
      j forever
    `,
  );
  t.like(end, { verdict: { kind: 'passed' } });
});

test('a fault in one thread ends all threads of its process', async (t) => {
  const { end, text } = await runThreads(
    `
    ${thread('child', 'stack_end')}
    forever:
      j forever
    `,
    `
    child:
      ebreak
    `,
  );
  t.like(end, { verdict: { kind: 'failed' } });
  t.regex(text, /ended with status 133/);
});
