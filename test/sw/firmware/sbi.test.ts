import test from 'ava';
import { runSupervisor } from '../software-machine.ts';
import { eid, keep, sbi, supervisorProgram } from './supervisor-program.ts';

const notSupported = -2n;
const signed = (value: bigint): bigint => BigInt.asIntN(64, value);

test('the base extension reports version 2.0 and which extensions are there', async (t) => {
  const probed = [...Object.values(eid), 0, 8, 9, 0x0999_9999];
  const { end, result } = await runSupervisor(
    supervisorProgram(
      [sbi(eid.base, 0), keep, ...probed.map((id) => sbi(eid.base, 3, id) + keep)].join('\n'),
    ),
  );
  t.like(end, { kind: 'verdict', verdict: { kind: 'passed' } });
  t.is(result('results', 0), 0n);
  t.is(result('results', 1), 0x200_0000n);
  const present = probed.map((_, index) => result('results', 3 + 2 * index));
  t.deepEqual(present, [1n, 1n, 1n, 1n, 1n, 1n, 1n, 1n, 1n, 1n, 0n, 0n]);
});

test('an unknown extension and an unknown function are not supported', async (t) => {
  const calls = [[0x0a00_0000, 0], ...Object.values(eid).map((id) => [id, 77])];
  const { result } = await runSupervisor(
    supervisorProgram(calls.map(([id = 0, call = 0]) => sbi(id, call) + keep).join('\n')),
  );
  calls.forEach((_, index) => {
    t.is(signed(result('results', 2 * index)), notSupported);
  });
});

test('set_timer makes a supervisor timer interrupt pending when its time comes, and takes it back', async (t) => {
  const { result } = await runSupervisor(
    supervisorProgram(`
      rdtime t2
      addi a0, t2, 5
      li a6, 0
      li a7, ${eid.time}
      ecall
      csrr a0, sip
      li a1, 0
      ${keep}
    wait:
      csrr a0, sip
      andi a0, a0, 32
      beqz a0, wait
      rdtime a1
      sub a1, a1, t2
      ${keep}
      li a0, -1
      li a6, 0
      li a7, ${eid.time}
      ecall
      csrr a0, sip
      ${keep}
    `),
  );
  t.is(result('results', 0) & 32n, 0n);
  t.is(result('results', 2), 32n);
  t.true(result('results', 3) >= 5n && result('results', 3) < 10n);
  t.is(result('results', 4) & 32n, 0n);
});

test('a later hart is stopped, starts where it is told with its arguments, stops and starts again', async (t) => {
  const { result } = await runSupervisor(
    supervisorProgram(
      `
      ${sbi(eid.hsm, 2, 1)} ${keep}
      ${sbi(eid.hsm, 0, 1, 'second', 0x1234)} ${keep}
      ${sbi(eid.hsm, 0, 1, 'second', 0x1234)} ${keep}
    one:
      la t0, mailbox
      ld t1, 0(t0)
      beqz t1, one
      ${sbi(eid.hsm, 2, 1)} ${keep}
      la t0, mailbox
      sd zero, 16(t0)
    stopped:
      ${sbi(eid.hsm, 2, 1)}
      li t0, 1
      bne a1, t0, stopped
      ${sbi(eid.hsm, 0, 1, 'second', 0x5678)} ${keep}
    two:
      la t0, mailbox
      ld t1, 8(t0)
      li t2, 0x5678
      bne t1, t2, two
      ${sbi(eid.hsm, 2, 7)} ${keep}
      ${sbi(eid.hsm, 0, 1, 'second', 0)} ${keep}
      ${sbi(eid.hsm, 0, 9, 'second', 0)} ${keep}
      li a0, 0
      csrr a1, satp
      ${keep}
    `,
      `
    second:
      la t0, mailbox
      sd a1, 8(t0)
      sd a0, 0(t0)
    held:
      ld t1, 16(t0)
      bnez t1, held
      ${sbi(eid.hsm, 1)}
    .align 3
    mailbox: .dword 0, 0, 1
    `,
    ),
  );
  const errors = [0, 1, 2, 3, 4, 5, 6, 7].map((index) => signed(result('results', 2 * index)));
  t.is(result('results', 1), 1n, 'stopped at first');
  t.deepEqual(errors.slice(0, 2), [0n, 0n]);
  t.is(errors[2], -6n, 'a hart that was started is already available');
  t.is(result('results', 7), 0n, 'started');
  t.is(errors[4], 0n);
  t.is(errors[5], -3n, 'there is no hart 7');
  t.true(errors[6] === 0n || errors[6] === -6n);
  t.is(errors[7], -3n, 'there is no hart 9');
  t.is(result('mailbox', 0), 1n, 'a0 is the hart id');
});

test('an inter-processor interrupt reaches the harts of the mask, and bad masks are refused', async (t) => {
  const { result } = await runSupervisor(
    supervisorProgram(`
      ${sbi(eid.ipi, 0, 1, 0)} ${keep}
      csrr a0, sip
      ${keep}
      csrci sip, 2
      ${sbi(eid.ipi, 0, 0, -1)} ${keep}
      csrr a0, sip
      ${keep}
      ${sbi(eid.ipi, 0, 4, 0)} ${keep}
      ${sbi(eid.ipi, 0, 1, 70)} ${keep}
    `),
  );
  t.is(result('results', 0), 0n);
  t.is(result('results', 2) & 2n, 2n);
  t.is(result('results', 4), 0n);
  t.is(result('results', 6) & 2n, 2n);
  t.is(signed(result('results', 8)), -3n);
  t.is(signed(result('results', 10)), -3n);
});

test('a remote sfence.vma returns after the other hart has dropped its translations', async (t) => {
  // Hart 1 reads one virtual address for ever; hart 0 points it elsewhere, fences, and from then on only the new value may be seen.
  const { result } = await runSupervisor(
    supervisorProgram(
      `
      la t0, root
      la t1, middle
      srli t1, t1, 2
      ori t1, t1, 1
      sd t1, 0(t0)
      li t1, (0x80000000 >> 2) | 0xcf
      sd t1, 16(t0)
      la t0, middle
      la t1, inner
      srli t1, t1, 2
      ori t1, t1, 1
      sd t1, 0(t0)
      la t0, inner
      la t1, page_a
      srli t1, t1, 2
      ori t1, t1, 0xc7
      sd t1, 0(t0)
      ${sbi(eid.hsm, 0, 1, 'reader', 0)}
    ready:
      la t0, seen
      ld t1, 0(t0)
      li t2, 11
      bne t1, t2, ready
      la t0, inner
      la t1, page_b
      srli t1, t1, 2
      ori t1, t1, 0xc7
      sd t1, 0(t0)
      fence rw, rw
      ${sbi(eid.rfence, 1, 2, 0, 0, 4096)} ${keep}
      la t0, count
      ld t3, 0(t0)
    again:
      ld t1, 0(t0)
      addi t2, t3, 2
      bltu t1, t2, again
      la t0, seen
      ld a0, 0(t0)
      ${keep}
    `,
      `
    reader:
      la t0, root
      srli t0, t0, 12
      li t1, 8 << 60
      or t0, t0, t1
      csrw satp, t0
      sfence.vma
      la t2, seen
      la t3, count
    forever:
      ld t0, 0(zero)
      sd t0, 0(t2)
      ld t1, 0(t3)
      addi t1, t1, 1
      sd t1, 0(t3)
      j forever
    .align 12
    root: .zero 4096
    middle: .zero 4096
    inner: .zero 4096
    page_a: .dword 11
    .align 12
    page_b: .dword 22
    .align 3
    seen: .dword 0
    count: .dword 0
    `,
    ),
  );
  t.is(result('results', 0), 0n);
  t.is(result('results', 2), 22n);
});

test('the debug console writes and reads the caller’s memory only', async (t) => {
  const run = await runSupervisor(
    supervisorProgram(
      `
      ${sbi(eid.dbcn, 0, 6, 'message', 0)} ${keep}
      ${sbi(eid.dbcn, 0, 6, 0x8000_0000, 0)} ${keep}
      ${sbi(eid.dbcn, 0, -1, 'message', 0)} ${keep}
      ${sbi(eid.dbcn, 1, 6, 0x8000_0000, 0)} ${keep}
      ${sbi(eid.dbcn, 1, 6, 'message', 0)} ${keep}
      ${sbi(eid.dbcn, 2, 0x21)} ${keep}
      ${sbi(1, 0, 0x3f)} ${keep}
      ${sbi(2, 0)} ${keep}
    `,
      'message: .asciz "Hello\\n"',
    ),
  );
  const results = Array.from({ length: 8 }, (_, index) => signed(run.result('results', 2 * index)));
  t.deepEqual(results, [0n, -3n, -3n, -3n, 0n, 0n, 0n, -1n]);
  t.is(run.result('results', 1), 6n);
  t.is(run.text, 'Hello\n!?');
});

test('suspend keeps everything and returns when an interrupt is pending', async (t) => {
  const { result } = await runSupervisor(
    supervisorProgram(`
      li t0, 32
      csrw sie, t0
      rdtime t2
      addi a0, t2, 20
      li a6, 0
      li a7, ${String(eid.time)}
      ecall
      ${sbi(eid.hsm, 3, 0, 0, 0)}
      rdtime a1
      sub a1, a1, t2
      ${keep}
      ${sbi(eid.hsm, 3, 5, 0, 0)} ${keep}
      ${sbi(eid.hsm, 3, 0x8000_0000, 0, 0)} ${keep}
      ${sbi(eid.hsm, 3, 0x1000_0000, 0, 0)} ${keep}
    `),
  );
  const errors = [0, 1, 2, 3].map((index) => signed(result('results', 2 * index)));
  t.deepEqual(errors, [0n, -3n, -2n, -2n]);
  t.true(result('results', 1) >= 20n && result('results', 1) < 30n);
});

test('legacy calls take the hart mask from the caller’s memory, and a bad address is the caller’s fault', async (t) => {
  const { result } = await runSupervisor(
    supervisorProgram(
      `
      ${sbi(4, 0, 'mask')} ${keep}
      csrr a0, sip
      ${keep}
      ${sbi(3, 0)}
      csrr a0, sip
      ${keep}
      ${sbi(4, 0, 0x8000_0000)}
      la t0, trap
      ld a0, 0(t0)
      ld a1, 8(t0)
      ${keep}
      ${sbi(5, 0, 0)} ${keep}
      ${sbi(6, 0, 'mask', 0, 0)} ${keep}
    `,
      '.align 3\nmask: .dword 1',
    ),
  );
  t.is(result('results', 0), 0n);
  t.is(result('results', 2) & 2n, 2n);
  t.is(result('results', 4) & 2n, 0n);
  t.is(result('results', 6), 5n);
  t.is(result('results', 7), 0x8000_0000n);
  t.is(result('results', 8), 0n);
  t.is(result('results', 10), 0n);
});

test('system reset ends the machine with its reason', async (t) => {
  const { end } = await runSupervisor(supervisorProgram(sbi(eid.srst, 0, 0, 1)));
  t.like(end, { kind: 'verdict', verdict: { kind: 'failed', code: 1 } });
});
