import test from 'ava';
import type { Quantum } from '../../hw/kernel/index.ts';
import { type EngineName, engineNames, engines } from '../harness/engines.ts';
import { testMachine, type TestMachine } from '../hw/hart/machine.ts';

/** What one hart does to another's reservation is shown by reservations that never run out; when they do, test/timing/reservations.test.ts says. */
const timing = { reservationCycles: 0 };
const quanta: readonly Quantum[] = ['exact', 1, 7, 100, 1000];
const COUNT = 20;

interface Run {
  readonly machine: TestMachine;
  readonly word: (label: string) => bigint;
}

/** Runs a program on every hart until each is at `end`. */
function run(text: string, engine: EngineName, hartCount: number, quantum: Quantum): Run {
  const machine = testMachine({ ...engines[engine].machine, hartCount, timing });
  const { labels } = machine.load(text);
  const scheduler = machine.schedulerFor(quantum);
  const end = labels.get('end') ?? 0n;
  for (let until = 100; machine.harts.some(({ state }) => state.pc !== end); until += 100) {
    if (until > 1_000_000) throw new Error('a hart does not reach the end');
    scheduler.run(until);
  }
  const word = (label: string): bigint => {
    const bytes = machine.memory.copy(Number(labels.get(label) ?? 0n), 8);
    return new DataView(bytes.buffer).getBigUint64(0, true);
  };
  return { machine, word };
}

const data = `
  .balign 64
  counter: .dword 0
  .balign 64
  failures: .dword 0
  .balign 64
  flag: .dword 0
  .balign 64
  answer: .dword 0
  .balign 64
`;

const increments: Readonly<Record<string, string>> = {
  'AMO, all harts at one word': 'amoadd.d zero, s3, (s0)',
  'LR and SC': `
    again: lr.d.aq t1, (s0)
    addi t1, t1, 1
    sc.d.rl t2, t1, (s0)
    beqz t2, done
    addi s4, s4, 1
    j again
    done:`,
  'LR and SC of the low word': `
    again: lr.w t1, (s0)
    addi t1, t1, 1
    sc.w t2, t1, (s0)
    beqz t2, done
    addi s4, s4, 1
    j again
    done:`,
  'a lock taken with AMOSWAP': `
    again: amoswap.w.aq t1, s3, (s5)
    bnez t1, again
    ld t1, 0(s0)
    addi t1, t1, 1
    sd t1, 0(s0)
    amoswap.w.rl zero, zero, (s5)`,
};

for (const engine of engineNames) {
  for (const [name, increment] of Object.entries(increments)) {
    test(`${engine}: increments lose nothing: ${name}`, (t) => {
      const text = `
        la s0, counter
        la s5, flag
        la s6, failures
        li s2, ${String(COUNT)}
        li s3, 1
        next: ${increment}
        addi s2, s2, -1
        bnez s2, next
        amoadd.d zero, s4, (s6)
        end: j end
        ${data}`;
      let failures = 0n;
      for (const hartCount of [2, 4]) {
        for (const quantum of quanta) {
          const { word } = run(text, engine, hartCount, quantum);
          t.is(word('counter'), BigInt(hartCount * COUNT));
          failures += word('failures');
        }
      }
      t.is(failures > 0n, name.startsWith('LR'), 'SC fails now and then');
    });
  }

  const meddling: Readonly<Record<string, readonly [action: string, fails: bigint]>> = {
    'a store to the word': ['sd zero, 0(s0)', 1n],
    'a store elsewhere in the line': ['sb zero, 63(s0)', 1n],
    'an AMO that changes nothing': ['amoor.d zero, zero, (s0)', 1n],
    'an SC that succeeds': ['lr.d t1, (s0)\nsc.d t1, t1, (s0)', 1n],
    'an SC that fails': ['sc.d t1, t1, (s0)', 0n],
    'a store to the next line': ['sd zero, 64(s0)', 0n],
    'a load of the word': ['ld t1, 0(s0)', 0n],
    'an LR of the word': ['lr.d t1, (s0)', 0n],
  };
  for (const [name, [action, fails]] of Object.entries(meddling)) {
    test(`${engine}: ${name} by another hart ${fails === 1n ? 'ends' : 'leaves'} the reservation`, (t) => {
      const text = `
        la s0, counter
        la s1, flag
        la s2, answer
        li s3, 1
        csrr t0, mhartid
        bnez t0, other
        lr.d a0, (s0)
        sd s3, 0(s1)
        wait: ld t1, 0(s2)
        beqz t1, wait
        sc.d a0, s3, (s0)
        j end
        other: ld t1, 0(s1)
        beqz t1, other
        ${action}
        sd s3, 0(s2)
        end: j end
        ${data}`;
      for (const quantum of quanta) {
        const { machine } = run(text, engine, 2, quantum);
        t.is(machine.hart.state.x[10], fails, `quantum ${String(quantum)}`);
      }
    });
  }

  test(`${engine}: a trap ends the reservation`, (t) => {
    for (const cause of ['ecall', '.word 0', 'ld t1, 1(s0)']) {
      const text = `
        la s0, counter
        la t0, handler
        csrw mtvec, t0
        lr.d a0, (s0)
        ${cause}
        sc.d a0, s3, (s0)
        end: j end
        .balign 4
        handler: csrr t0, mepc
        addi t0, t0, 4
        csrw mepc, t0
        mret
        ${data}`;
      t.is(run(text, engine, 1, 'exact').machine.hart.state.x[10], 1n, cause);
    }
  });
}
