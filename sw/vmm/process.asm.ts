import { defineAssembly, registers } from '../toolchain/index.ts';

const { a0, a7, a1, a2, a3, a4, ra, sp, t0, zero } = registers;

/** Where a process begins: sp points at argc, argv… (see sw/shared/syscalls.ts). */
export const processStart = defineAssembly('process_start', (a, { constant }) => {
  a.ld(a0, 0, sp);
  a.addi(a1, sp, 8);
  a.call('main');
  a.li(a7, constant('SYS_EXIT_GROUP'));
  a.ecall();
  a.ebreak();
});

/**
 * `start_thread(stack top, argument, child_tid, function)`: begins a thread that calls `function(argument)` and ends with it; gives
 * the thread id or a negative error. Both travel on the child's stack, the only thing it has of its own.
 */
export const startThread = defineAssembly('start_thread', (a, { constant }) => {
  const child = a.label('child');
  a.addi(a0, a0, -16);
  a.sd(a1, 0, a0);
  a.sd(a3, 8, a0);
  a.mv(a4, a2);
  a.mv(a1, a0);
  a.li(a0, constant('CLONE_THREAD_FLAGS'));
  a.mv(a2, zero);
  a.mv(a3, zero);
  a.li(a7, constant('SYS_CLONE'));
  a.ecall();
  a.beqz(a0, child);
  a.ret();

  a.place(child);
  a.ld(a0, 0, sp);
  a.ld(t0, 8, sp);
  a.jalr(ra, 0, t0);
  a.mv(a0, zero);
  a.li(a7, constant('SYS_EXIT'));
  a.ecall();
  a.ebreak();
});
