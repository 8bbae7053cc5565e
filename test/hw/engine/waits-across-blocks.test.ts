import test from 'ava';
import type { EngineName } from '../../harness/engine-under-test.ts';
import { testMachine } from '../hart/machine.ts';

const TURNS = 40;

/** In each turn, control reaches `join` along three edges: two fall into it behind a load, of which one is in line. */
const program = (first: string): string => `
  la s0, bytes
  li s1, ${TURNS}
turn:
  andi t0, s1, 3
  beqz t0, short
  lbu a0, 0(s0)
  addi t1, t0, -1
  beqz t1, join
  lbu a0, 1(s0)
  bltz s1, turn
join:
  ${first}
  add a1, a1, a0
  addi s1, s1, -1
  bnez s1, turn
  j done
short:
  lbu a0, 2(s0)
  j join
done:
  lui t0, 0x100
  j done
bytes:
  .dword 0x0102030405060708
`;

const firsts = {
  'a user of the load': 'add a1, a1, a0',
  'a load that is not for generated code': 'lw a2, 1(s0)',
  'nothing that waits': 'addi a3, a3, 1',
};

for (const [what, first] of Object.entries(firsts)) {
  test(`a block that several lead to and that begins with ${what} takes the same cycles in any slices`, (t) => {
    const after = (engine: EngineName, slice: number): unknown => {
      const machine = testMachine({ engine, misaligned: 'hardware' });
      machine.load(program(first));
      for (let cycles = 0; cycles < 900; cycles += slice) machine.run(slice);
      const { state, account } = machine.hart;
      return [state.cycle, state.instret, [...state.x], account.tree.snapshot()];
    };
    for (let slice = 1; slice <= 40; slice++) {
      t.deepEqual(after('translator', slice), after('oracle', slice), `slices of ${String(slice)}`);
    }
  });
}
