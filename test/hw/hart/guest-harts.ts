/** Code of two harts that become guests, a label each in front of `first` and `second`. */
export interface GuestHarts {
  /** Runs in M on both harts first; s0 is the number of the hart. */
  readonly setUp: string;
  /** What hart 0 runs in VS mode; behind it, it stays. */
  readonly first: string;
  /** What hart 1 runs in VS mode; behind it, the run passes. */
  readonly second: string;
}

/**
 * A program in which both harts run guest code in VS mode that reaches all memory. An interrupt of VS puts `scause` into a0 and goes to
 * the label `handler` of the guest code. A trap into M fails the run with `mcause`, `mtval` and `mepc` in a0, a1 and
 * a2. A jump to `pass` ends the run well.
 */
export function guestHarts({ setUp, first, second }: GuestHarts): string {
  return `
    csrr s0, mhartid
    la t0, trapped
    csrw mtvec, t0
    li t0, -1
    csrw pmpaddr0, t0
    csrw pmpaddr1, t0
    li t0, 0x1f3f
    csrw pmpcfg0, t0
    li t0, 0x444
    csrw hideleg, t0
    la t0, interrupted
    csrw vstvec, t0
    ${setUp}
    la t0, first
    beqz s0, become_guest
    la t0, second
  become_guest:
    csrw mepc, t0
    li t0, 0x1800
    csrc mstatus, t0
    li t0, 0x800
    csrs mstatus, t0
    li t0, 1
    slli t0, t0, 39
    csrs mstatus, t0
    mret
    .align 2
  trapped:
    csrr a0, mcause
    csrr a1, mtval
    csrr a2, mepc
    j fail
    .align 8
  interrupted:
    csrr a0, scause
    la t1, handler
    jr t1
  first:
    ${first}
  stay:
    j stay
  second:
    ${second}
  pass:
    li t0, 0x100000
    li t1, 0x5555
    sw t1, 0(t0)
    j pass
  fail:
    li t0, 0x100000
    li t1, 0x13333
    sw t1, 0(t0)
    j fail
  `;
}

/** Code of a guest that enables the interrupts of `sie` given, waits for one, and goes on behind it. */
export function waitForInterrupt(enabled: number): string {
  return `
    li t0, ${String(enabled)}
    csrw sie, t0
    csrsi sstatus, 2
  spin:
    j spin
  handler:
  `;
}
