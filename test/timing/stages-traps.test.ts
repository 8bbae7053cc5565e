import test from 'ava';
import { frm, mstatus } from '../../hw/isa/index.ts';
import { type EngineName, engineNames, engines } from '../harness/engines.ts';
import { openProtection, testMachine, type TestMachineOptions } from '../hw/hart/machine.ts';
import { runToBreak } from './run-to-break.ts';

// Counts follow docs/timing.md, "Stages".

/** Cycles of a program in whose middle an instruction is illegal: those of floating-point numbers have a rounding mode that is not one. */
function around(illegal: string, behind: string): number {
  const text = `
      la t0, handler
      csrw mtvec, t0
      li a2, 1000
      li a3, 7
      ${illegal}
      ${behind}
      ebreak
      .balign 64
    handler:
      csrr t1, mcause
      addi t1, t1, -2
      bnez t1, other
      csrr t1, mepc
      addi t1, t1, 4
      csrw mepc, t1
      csrwi frm, 0
      mret
    other: ebreak`;
  const options = { inStages: true, float: true, engine: 'oracle' } as const;
  const { cycles } = runToBreak(text, options, ({ hart }) => {
    hart.csrs.setFields(mstatus, { fs: 1n });
    hart.csrs.write(frm, 7n);
  });
  return cycles;
}

const NOT_AN_INSTRUCTION = '.word 0xffffffff';

for (const illegal of ['fdiv.d f1, f2, f3', 'fsqrt.d f1, f2', 'fadd.d f1, f2, f3']) {
  test(`what ${illegal} would have written is not waited for if it traps`, (t) => {
    const behind = 'fmv.x.d a0, f1\nfdiv.d f1, f2, f3';
    t.is(around(illegal, behind), around(NOT_AN_INSTRUCTION, behind));
  });
}

/** What U mode and M mode pay for the entry of so many traps from one to the other. */
function entries(count: number, engine: EngineName): { readonly U: number; readonly M: number } {
  const machine = testMachine({ ...engines[engine].machine, inStages: true });
  openProtection(machine.hart);
  machine.load(`
      la t0, handler
      csrw mtvec, t0
      la t0, user
      csrw mepc, t0
      li t0, ${String(count)}
      mret
      .balign 64
    handler:
      addi t0, t0, -1
      beqz t0, done
      mret
    done:
      j done
      .balign 64
    user: ${NOT_AN_INSTRUCTION}`);
  machine.run(3000);
  const { U, M } = machine.hart.account.tree.snapshot();
  return { U: U['trap-entry'], M: M['trap-entry'] };
}

for (const engine of engineNames) {
  test(`${engine}: the mode that a trap leaves pays five cycles for its entry, and the other none`, (t) => {
    const [few, many] = [entries(10, engine), entries(30, engine)];
    t.deepEqual([few.M, many.M], [0, 0]);
    t.is(many.U - few.U, 20 * 5);
  });
}

/** Instructions that retired, and cycles of issue and of trap entries, of a program that traps so many times. */
function counts(instruction: string, times: number, options: TestMachineOptions) {
  const machine = testMachine({ inStages: true, ...options });
  machine.load(`
      la t0, handler
      csrw mtvec, t0
      li t0, ${String(times)}
    again:
      ${instruction}
      addi t0, t0, -1
      bnez t0, again
    done:
      j done
      .balign 64
    handler:
      csrr t1, mepc
      addi t1, t1, 4
      csrw mepc, t1
      mret`);
  machine.run(5000);
  const { state, account } = machine.hart;
  const { issue, 'trap-entry': entry } = account.tree.snapshot().M;
  return { retired: state.instret, issue, entry };
}

for (const engine of engineNames) {
  test(`${engine}: ECALL and EBREAK issue where they count as retired, and the entry is the rest`, (t) => {
    /** Cycles of an entry; that of the first trap has a line of code to wait for. */
    const entryOf = (instruction: string, environmentCallsRetire: boolean): number => {
      const [few, many] = [10, 30].map((times) => {
        return counts(instruction, times, { engine, environmentCallsRetire });
      });
      t.is(few?.issue, few?.retired);
      t.is(many?.issue, many?.retired);
      return ((many?.entry ?? 0) - (few?.entry ?? 0)) / 20;
    };
    for (const instruction of ['ecall', 'ebreak']) {
      t.is(entryOf(instruction, true), 4);
      t.is(entryOf(instruction, false), 5);
    }
    t.is(entryOf(NOT_AN_INSTRUCTION, true), 5);
  });
}
