import { join } from 'node:path';
import test from 'ava';
import { assemble } from '../../hw/isa/index.ts';
import { bootBare, loadPlatform, run } from '../../platforms/index.ts';
import { engineNames, engines } from '../harness/engines.ts';
import { projectRoot } from '../harness/project-root.ts';

const ROUNDS = 50;

/**
 * Hart 0 rewrites a function, rings hart 1 through the CLINT and waits for its answer; hart 1 calls the function after a
 * FENCE.I, as the manual asks for (unpriv 7.1). The function must return each round's number.
 */
const program = `
  csrr t0, mhartid
  li s0, 0x02000000
  la s1, answer
  la s2, changing
  li s3, 1
  li s5, ${String(ROUNDS)}
  bnez t0, reader

writer:
  # addi a0, zero, round
  slli t1, s3, 20
  li t2, 0x513
  or t1, t1, t2
  sw t1, 0(s2)
  fence rw, rw
  li t1, 1
  sw t1, 4(s0)
1: lw t1, 0(s1)
  bne t1, s3, 1b
  addi s3, s3, 1
  ble s3, s5, writer
  li t1, 0x5555
  j finish

reader:
  la t1, bell
  csrw mtvec, t1
  li t1, 8
  csrw mie, t1
  csrsi mstatus, 8
sleep:
  SLEEP
  j sleep

.balign 4
bell:
  sw zero, 4(s0)
  mv s6, ra
  mv s7, a0
  fence.i
  jal ra, changing
  bne a0, s3, wrong
  # Once more, so that the call comes from code that was executed before.
  jal ra, changing
  bne a0, s3, wrong
  fence rw, rw
  sw s3, 0(s1)
  addi s3, s3, 1
  mv ra, s6
  mv a0, s7
  mret

wrong:
  li t1, 0x13333
finish:
  li t2, 0x100000
  sw t1, 0(t2)
2: j 2b

.balign 64
changing:
  addi a0, zero, 0
  ret
.balign 64
answer: .word 0
`;

for (const engine of engineNames) {
  for (const quantum of ['exact', 1, 10, 1000]) {
    for (const sleep of ['wfi', 'jal ra, changing']) {
      const way = sleep === 'wfi' ? 'asleep' : 'calling it all the time';
      test(`${engine}: code that another hart changes is seen after FENCE.I, the hart ${way}, quantum ${quantum}`, (t) => {
        const platform = loadPlatform(join(projectRoot, 'platforms/duvisor-2hart.yaml'), {
          set: { quantum, ...engines[engine].platform },
        });
        const { bytes } = assemble(program.replace('SLEEP', sleep), { base: 0x8000_0000 });
        const { machine } = bootBare(platform, { name: 'code', bytes });
        const steps = run(machine, { cycles: 1_000_000 });
        let step = steps.next();
        while (step.done !== true) step = steps.next();
        t.deepEqual(step.value, {
          kind: 'verdict',
          verdict: { kind: 'passed' },
          device: 'finisher',
        });
      });
    }
  }
}
