import { defineAssembly, registers } from '../toolchain/index.ts';

const { a0 } = registers;

/** `jump_to(address)`: what calling a function through a damaged object comes to. */
export const jumpTo = defineAssembly('jump_to', (a) => {
  a.jr(a0);
});
