/** Assembly of an SBI call: a7 = extension, a6 = function, operands in a0 …; error in a0, value in a1. */
export function sbi(
  extension: number,
  call: number,
  ...operands: readonly (number | bigint | string)[]
): string {
  const loads = operands.map((operand, index) =>
    typeof operand === 'string'
      ? `la a${String(index)}, ${operand}`
      : `li a${String(index)}, ${String(operand)}`,
  );
  return [...loads, `li a6, ${String(call)}`, `li a7, ${String(extension)}`, 'ecall\n'].join('\n');
}

/** Extension numbers. */
export const eid = {
  base: 0x10,
  time: 0x5449_4d45,
  ipi: 0x73_5049,
  rfence: 0x5246_4e43,
  hsm: 0x48_534d,
  srst: 0x5352_5354,
  dbcn: 0x4442_434e,
  pmc: 0x0850_4d43,
} as const;

/** Ends the run as passed. */
export const shutdown = sbi(eid.srst, 0, 0, 0);

/** Stores a0 and a1 as the next pair of `results`; s0 must not be touched by the program. */
export const keep = `
  sd a0, 0(s0)
  sd a1, 8(s0)
  addi s0, s0, 16
`;

/**
 * A program around a body: results go to the label `results`, traps in S mode are recorded at `trap` (cause, value, pc), and the
 * program goes on behind the instruction.
 */
export function supervisorProgram(body: string, more = ''): string {
  return `
  start:
    mv s11, a1
    la s0, results
    la t0, on_trap
    csrw stvec, t0
    ${body}
    ${shutdown}
  .align 2
  on_trap:
    csrw sscratch, t0
    la t0, trap
    sd t1, 32(t0)
    csrr t1, scause
    sd t1, 0(t0)
    csrr t1, stval
    sd t1, 8(t0)
    csrr t1, sepc
    sd t1, 16(t0)
    addi t1, t1, 4
    csrw sepc, t1
    ld t1, 24(t0)
    addi t1, t1, 1
    sd t1, 24(t0)
    ld t1, 32(t0)
    csrr t0, sscratch
    sret
    ${more}
  .align 3
  trap: .zero 40
  results: .zero 1024
  `;
}
