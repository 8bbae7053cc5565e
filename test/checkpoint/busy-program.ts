import { assemble } from '../../hw/isa/index.ts';
import { bootBare, type Booted, loadPlatform } from '../../platforms/index.ts';
import type { EngineName } from '../harness/engines.ts';
import { readFromProject } from '../platforms/report.ts';

/** How a machine for the busy program differs from the usual one. */
export interface BusyOptions {
  readonly engine?: EngineName;
  readonly set?: readonly string[];
}

const platform = `
extends: platforms/duvisor-2hart.yaml
harts: { isa: rv64ima_zicsr_zifencei_h_sstc }
memory: { dram: { size: 512 KiB } }
wires: { hart.0.meip: uart0.irq }
`;

/**
 * Two harts that use everything at once: hart 0 waits for the timer of the CLINT, prints, sends bytes through the UART's
 * loopback, which interrupts, rings hart 1 and computes; hart 1 sleeps, has a supervisor timer that expires again and again, and
 * both count with AMO, LR and SC. It ends after 40 rounds.
 */
const text = `
  la t0, handler
  csrw mtvec, t0
  li s0, 0x02000000
  li s1, 0x10000000
  la s2, shared
  li s3, 40
  li s4, 0x1234567
  csrr t0, mhartid
  bnez t0, second
first:
  li t0, 0x888
  csrw mie, t0
  csrsi mstatus, 8
  li t0, 1
  sb t0, 1(s1)
1:
  csrr t0, time
  andi t1, s3, 3
  add t0, t0, t1
  addi t0, t0, 2
  li t1, 0x4000
  add t1, t1, s0
  sd t0, 0(t1)
  wfi
  jal ra, print
  jal ra, loop_back
  li t0, 1
  sw t0, 4(s0)
  jal ra, compute
  amoadd.d t0, s3, (s2)
  addi s3, s3, -1
  bnez s3, 1b
  li t0, 0x5555
  li t1, 0x100000
  sw t0, 0(t1)
2: j 2b

print:
  andi t0, s3, 15
  addi t0, t0, 0x61
  sb t0, 0(s1)
  ret
loop_back:
  li t0, 0x10
  sb t0, 4(s1)
  sb s3, 0(s1)
  lbu t1, 5(s1)
  sb zero, 4(s1)
  ret
compute:
  li t3, 30
3:
  slli t0, s4, 13
  xor s4, s4, t0
  srli t0, s4, 7
  xor s4, s4, t0
  slli t0, s4, 17
  xor s4, s4, t0
  andi t1, s4, 0x7f8
  add t1, t1, s2
  ld t2, 64(t1)
  mul t2, t2, s4
  ori t0, s4, 1
  rem t2, t2, t0
  sd t2, 64(t1)
  andi t0, s4, 1
  beqz t0, 4f
  addi t2, t2, 1
4:
  addi t3, t3, -1
  bnez t3, 3b
  ret

second:
  li t0, 1
  slli t0, t0, 63
  csrw menvcfg, t0
  li t0, 0x28
  csrw mie, t0
  csrsi mstatus, 8
  csrr t0, time
  addi t0, t0, 2
  csrw stimecmp, t0
5:
  lr.d t0, (s2)
  addi t0, t0, 3
  sc.d t1, t0, (s2)
  bnez t1, 5b
  wfi
  mv s7, ra
  jal ra, compute
  mv ra, s7
  j 5b

  .balign 4
handler:
  csrr s8, mcause
  slli s8, s8, 1
  srli s8, s8, 1
  li s9, 3
  beq s8, s9, software
  li s9, 5
  beq s8, s9, supervisor
  li s9, 7
  beq s8, s9, timer
  lbu s10, 0(s1)
  mret
software:
  sw zero, 4(s0)
  mret
supervisor:
  csrr s9, time
  addi s9, s9, 3
  csrw stimecmp, s9
  mret
timer:
  li s9, 0x4000
  add s9, s9, s0
  li s10, -1
  sd s10, 0(s9)
  mret

  .balign 64
shared: .dword 0
`;

const bytes = assemble(text, { base: 0x8000_0000 }).bytes;

/** A machine that is about to run the program. */
export function bootBusy({ engine = 'translator', set = [] }: BusyOptions = {}): Booted {
  const loaded = loadPlatform('busy.yaml', {
    readText: (path) => (path === 'busy.yaml' ? platform : readFromProject(path)),
    set: [`engine=${engine}`, ...set],
  });
  return bootBare(loaded, { name: 'busy', bytes });
}
