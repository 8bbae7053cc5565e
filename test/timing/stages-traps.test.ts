import test from 'ava';
import { frm, mstatus } from '../../hw/isa/index.ts';
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
