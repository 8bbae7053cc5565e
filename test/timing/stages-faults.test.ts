import test from 'ava';
import type { EngineName } from '../harness/engines.ts';
import { RAM_BASE, testMachine } from '../hw/hart/machine.ts';

// Counts follow docs/timing.md, "Stages" and "TLB miss": a walk with one read takes 9 cycles, each further one 4.

const PAGE_BYTES = 4096;
const GIGABYTE = 2 ** 30;
const STAGE_1 = RAM_BASE + 0x2_0000;
const STAGE_2 = RAM_BASE + 0x2_4000;
/** Where neither stage has anything, and where only stage 1 has, which leads there. */
const NOTHING = 2 * GIGABYTE + GIGABYTE;
const NOTHING_BEHIND = 5 * GIGABYTE;
/** A leaf with every permission, for S mode and for guests (priv 12.3.1). */
const LEAF = 0xcf;
const USER = 0x10;
const SV39 = 8n << 60n;
const MPP_S = 1n << 11n;

const entry = (table: number, page: number, to: number, bits: number): string => `
  li t0, ${String(table + (page / GIGABYTE) * 8)}
  li t1, ${String((to / PAGE_BYTES) * 2 ** 10 + bits)}
  sd t1, 0(t0)`;

const rootOf = (table: number): string => String(SV39 + BigInt(table / PAGE_BYTES));

const setup = `
  li t0, -1
  srli t0, t0, 10
  csrw pmpaddr0, t0
  csrwi pmpcfg0, 0x1f
  la t0, handler
  csrw mtvec, t0
  ${entry(STAGE_1, RAM_BASE, RAM_BASE, LEAF)}
  ${entry(STAGE_1, NOTHING_BEHIND, NOTHING, LEAF + USER)}
  ${entry(STAGE_2, RAM_BASE, RAM_BASE, LEAF + USER)}`;

/** Measures what is between reads of the counter, right behind a fence, and once more without one. */
const measured = (fence: string, body: string): string => `
  li s0, 3
again:
  ${fence}
  ${'nop\n'.repeat(8)}
  .balign 64
  csrr s1, mcycle
  ${body}
  csrr s2, mcycle
  sub s3, s2, s1
  ${'nop\n'.repeat(8)}
  .balign 64
  csrr s1, mcycle
  ${body}
  csrr s2, mcycle
  sub s4, s2, s1
  addi s0, s0, -1
  bnez s0, again
done: j done`;

const skipping = `
  .balign 64
handler:
  csrr t5, mepc
  addi t5, t5, 4
  csrw mepc, t5
  mret`;

/** How many cycles more something takes that has to walk. */
function cyclesOfWalks(text: string, engine: EngineName): number {
  const machine = testMachine({ profile: 'none', inStages: true, engine });
  machine.load(text);
  machine.run(6000);
  const { x } = machine.hart.state;
  return Number(BigInt.asIntN(64, (x[19] ?? 0n) - (x[20] ?? 0n)));
}

function ofGuest(vsatp: string, address: number): string {
  return `${setup}
    li t0, ${rootOf(STAGE_2)}
    csrw hgatp, t0
    li t0, ${vsatp}
    csrw vsatp, t0
    li t2, ${String(address)}
    ${measured('hfence.gvma', 'hlv.d a0, (t2)')}
    ${skipping}`;
}

for (const engine of ['oracle', 'interpreter'] as const) {
  test(`${engine}: an access walks before it traps; the TLB then knows that it does`, (t) => {
    t.is(cyclesOfWalks(ofGuest('0', NOTHING), engine), 9);
  });

  test(`${engine}: stage 1 is walked once where it has nothing, behind the stage 2 of its table`, (t) => {
    t.is(cyclesOfWalks(ofGuest(rootOf(STAGE_1), NOTHING), engine), 9 + 4);
  });

  test(`${engine}: where stage 2 has nothing behind stage 1, a second walk finds out for which address`, (t) => {
    t.is(cyclesOfWalks(ofGuest(rootOf(STAGE_1), NOTHING_BEHIND), engine), 2 * (9 + 2 * 4));
  });

  test(`${engine}: a fetch walks too before it traps, as one that finds its page`, (t) => {
    const [mapped = 0, unmapped = 1] = [RAM_BASE + 0x1_0000, NOTHING].map((address) => {
      const text = `${setup}
        li t0, ${rootOf(STAGE_1)}
        csrw satp, t0
        li t0, ${String(MPP_S)}
        csrs mstatus, t0
        li t2, ${String(address)}
        ${measured('sfence.vma', 'csrw mepc, t2\nla t3, 1f\nli t0, 0x1800\ncsrc mstatus, t0\nli t0, 0x800\ncsrs mstatus, t0\nmret\n1:')}
        .balign 64
        handler: jr t3
        .balign 4096`;
      const program = `${text}\n.zero ${String(0xe000)}`;
      return cyclesOfWalks(program, engine);
    });
    t.true(unmapped > 0);
    t.is(unmapped, mapped);
  });
}
