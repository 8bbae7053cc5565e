import { defineAssembly } from '../../toolchain/index.ts';

/** What whoever runs a program may change in its file: how often it does its work, and how many harts do it. */
export const parameters = defineAssembly(
  'parameters',
  (a) => {
    a.symbol('iteration_count');
    a.dword(1n);
    a.symbol('hart_count');
    a.dword(1n);
  },
  { alignment: 8 },
);
