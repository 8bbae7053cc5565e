import test from 'ava';
import { runProgramAsGuest } from '../boot-guests.ts';
import { eid, keep, sbi, supervisorProgram } from '../firmware/supervisor-program.ts';

const signed = (value: bigint): bigint => BigInt.asIntN(64, value);
const nullExtension = 0x084e_554c;
const allHarts = -1;

interface Answer {
  readonly call: string;
  readonly error: bigint;
  readonly value?: bigint;
}

const answers: readonly Answer[] = [
  { call: sbi(eid.base, 0), error: 0n, value: 0x200_0000n },
  ...Object.entries(eid).map(([name, id]) => ({
    call: sbi(eid.base, 3, id),
    error: 0n,
    value: name === 'pmc' ? 0n : 1n,
  })),
  { call: sbi(eid.base, 3, nullExtension), error: 0n, value: 1n },
  { call: sbi(eid.base, 3, 8), error: 0n, value: 1n },
  { call: sbi(eid.base, 3, 9), error: 0n, value: 0n },
  { call: sbi(nullExtension, 0), error: 0n, value: 0n },
  { call: sbi(0x0a00_0000, 0), error: -2n },
  ...Object.values(eid).map((id) => ({ call: sbi(id, 77), error: -2n })),
  { call: sbi(eid.hsm, 2, 0), error: 0n, value: 0n },
  { call: sbi(eid.hsm, 2, 1), error: 0n, value: 1n },
  { call: sbi(eid.hsm, 2, 2), error: -3n },
  { call: sbi(eid.hsm, 0, 0, 'start', 0), error: -6n },
  { call: sbi(eid.hsm, 0, 2, 'start', 0), error: -3n },
  { call: sbi(eid.hsm, 0, 1, 0x1000_0000, 0), error: -5n },
  { call: sbi(eid.ipi, 0, 4, 0), error: -3n },
  { call: sbi(eid.ipi, 0, 1, 2), error: -3n },
  { call: sbi(eid.rfence, 0, 0, allHarts), error: 0n },
  { call: sbi(eid.rfence, 1, 1, 0, 0, 4096), error: 0n },
  { call: sbi(eid.rfence, 3, 1, 0, 0, 4096), error: -2n },
  { call: sbi(eid.dbcn, 0, 5, 0x1000_0000, 0), error: -3n },
  { call: sbi(eid.dbcn, 0, 5, 'start', 1), error: -3n },
  { call: sbi(eid.dbcn, 0, 3, 'text', 0), error: 0n, value: 3n },
  { call: sbi(eid.dbcn, 1, 16, 'text', 0), error: 0n, value: 0n },
  { call: sbi(eid.srst, 0, 1, 0), error: -2n },
  { call: sbi(eid.srst, 0, 9, 0), error: -3n },
];

test('every call of the SBI answers with its error and value', async (t) => {
  const program = supervisorProgram(
    answers.map(({ call }) => call + keep).join('\n'),
    'text: .asciz "dv\\n"',
  );
  const { end, result, console } = await runProgramAsGuest(program, { vcpus: 2 });
  t.like(end, { kind: 'verdict', verdict: { kind: 'passed' } });
  answers.forEach(({ call, error, value }, index) => {
    t.is(signed(result('results', 2 * index)), error, call);
    if (value !== undefined) t.is(result('results', 2 * index + 1), value, call);
  });
  t.regex(console, /dv/);
});

test('an interrupt sent to oneself is pending at once and is cleared by its receiver', async (t) => {
  const { result } = await runProgramAsGuest(
    supervisorProgram(`
      ${sbi(eid.ipi, 0, 1, 0)}
      csrr a1, sip
      ${keep}
      csrci sip, 2
      csrr a1, sip
      ${keep}
    `),
  );
  t.is(result('results', 1) & 2n, 2n);
  t.is(result('results', 3) & 2n, 0n);
});

test('the legacy calls read their hart mask where the guest says, and refuse a wrong address', async (t) => {
  const legacy = { clearIpi: 3, sendIpi: 4, fence: 5 } as const;
  const { end, result } = await runProgramAsGuest(
    supervisorProgram(
      `
      ${sbi(legacy.sendIpi, 0, 'mask')}
      csrr a1, sip
      ${keep}
      ${sbi(legacy.clearIpi, 0)}
      csrr a1, sip
      ${keep}
      ${sbi(legacy.fence, 0, 0)} ${keep}
      ${sbi(legacy.sendIpi, 0, 0x1000_0000)} ${keep}
      ${sbi(legacy.fence, 0, 0x8020_0001)} ${keep}
      `,
      '.align 3\nmask: .dword 1',
    ),
  );
  t.like(end, { kind: 'verdict', verdict: { kind: 'passed' } });
  t.deepEqual([result('results', 0), result('results', 1) & 2n], [0n, 2n]);
  t.deepEqual([result('results', 2), result('results', 3) & 2n], [0n, 0n]);
  t.is(result('results', 4), 0n);
  t.is(signed(result('results', 6)), -5n);
  t.is(signed(result('results', 8)), -5n);
});

test('the guest’s time begins with the guest, and its timer obeys it', async (t) => {
  const { result } = await runProgramAsGuest(
    supervisorProgram(`
      rdtime a0
      li a1, 0
      ${keep}
      rdtime t2
      addi a0, t2, 20
      li a6, 0
      li a7, ${String(eid.time)}
      ecall
      csrr a0, sip
      ${keep}
    wait:
      csrr a0, sip
      andi a0, a0, 32
      beqz a0, wait
      rdtime a1
      sub a1, a1, t2
      ${keep}
      ${sbi(eid.time, 0, -1)}
      csrr a0, sip
      ${keep}
    `),
  );
  t.true(result('results', 0) < 20_000n);
  t.is(result('results', 2) & 32n, 0n);
  t.is(result('results', 4), 32n);
  t.true(result('results', 5) >= 20n && result('results', 5) < 25n);
  t.is(result('results', 6) & 32n, 0n);
});

test('a guest that lets its users read no counters still wakes at its time', async (t) => {
  const { result, end } = await runProgramAsGuest(
    supervisorProgram(`
      csrw scounteren, zero
      li t0, 32
      csrw sie, t0
      rdtime t2
      addi a0, t2, 1000
      li a6, 0
      li a7, ${String(eid.time)}
      ecall
    sleep:
      wfi
      csrr a0, sip
      andi a0, a0, 32
      beqz a0, sleep
      rdtime a1
      sub a1, a1, t2
      ${keep}
    `),
  );
  t.is(end.kind, 'verdict');
  t.is(result('results', 0), 32n);
  t.true(result('results', 1) >= 1000n && result('results', 1) < 1100n);
});

test('the reason of a shutdown is the verdict', async (t) => {
  const { end } = await runProgramAsGuest(supervisorProgram(sbi(eid.srst, 0, 0, 1)));
  t.like(end, { kind: 'verdict', verdict: { kind: 'failed' } });
});
