import { defineAssembly, type AssemblyFunction } from '../assembly/assembly-function.ts';
import type { MacroAssembler } from '../assembly/macro-assembler.ts';
import { registers } from '../assembly/register.ts';
import { bitCountRoutines } from '../lower/unary.ts';

const { a0, t0, t1 } = registers;

/** Counts the ones of a0 by summing ever wider fields; changes t0 and t1. */
function countOnes(a: MacroAssembler): void {
  a.li(t0, 0x5555_5555_5555_5555n);
  a.srli(t1, a0, 1);
  a.and(t1, t1, t0);
  a.sub(a0, a0, t1);
  a.li(t0, 0x3333_3333_3333_3333n);
  a.and(t1, a0, t0);
  a.srli(a0, a0, 2);
  a.and(a0, a0, t0);
  a.add(a0, a0, t1);
  a.li(t0, 0x0f0f_0f0f_0f0f_0f0fn);
  a.srli(t1, a0, 4);
  a.add(a0, a0, t1);
  a.and(a0, a0, t0);
  a.li(t0, 0x0101_0101_0101_0101n);
  a.mul(a0, a0, t0);
  a.srli(a0, a0, 56);
}

/** Routines for operators that rv64ima has no instruction for; an image gets those that it calls. */
export const runtimeRoutines: readonly AssemblyFunction[] = [
  defineAssembly(bitCountRoutines.popcnt, (a) => {
    countOnes(a);
    a.ret();
  }),
  defineAssembly(bitCountRoutines.ctz, (a) => {
    // The bits below the lowest one are the ones of (x - 1) & ~x.
    a.addi(t0, a0, -1);
    a.not(a0, a0);
    a.and(a0, a0, t0);
    countOnes(a);
    a.ret();
  }),
  defineAssembly(bitCountRoutines.clz, (a) => {
    for (const distance of [1, 2, 4, 8, 16, 32]) {
      a.srli(t0, a0, distance);
      a.or(a0, a0, t0);
    }
    a.not(a0, a0);
    countOnes(a);
    a.ret();
  }),
];
