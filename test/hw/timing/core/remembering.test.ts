import test from 'ava';
import fc from 'fast-check';
import { differences, hartFacts } from '../../../../hw/hart/index.ts';
import { cases } from '../../../harness/cases.ts';
import { RAM_BASE, testMachine } from '../../hart/machine.ts';

// Cores that remember take the cycles of docs/timing.md, "Stages", where they come by often.
const DATA = RAM_BASE + 0x1_0000;
const TURNS = 60;
const CYCLES = 20_000;

const register = fc.constantFrom('a0', 'a1', 'a2', 'a3', 'a4', 'a5');
const offset = fc.constantFrom(0, 1, 4, 8, 64, 72, 4096, 8192, 12_288);

/** What may stand in a loop: `t0` counts turns, `t1` is a random number, `t2` where the data of this turn are. */
const item = fc.oneof(
  fc
    .tuple(fc.constantFrom('add', 'xor', 'mul', 'divu'), register, register, register)
    .map(([name, rd, rs1, rs2]) => `${name} ${rd}, ${rs1}, ${rs2}`),
  fc
    .tuple(fc.constantFrom('ld', 'lw', 'lbu', 'sd', 'sw', 'sb'), register, offset)
    .map(
      ([name, value, at]) => `li t3, ${String(at & -8)}\nadd t3, t3, t2\n${name} ${value}, 0(t3)`,
    ),
  fc
    .integer({ min: 0, max: 7 })
    .map((bit) => `srli t3, t1, ${String(bit)}\nandi t3, t3, 1\nbeqz t3, 1f\naddi a0, a0, 1\n1:`),
  fc.constantFrom('jal ra, callee', 'fence', 'amoadd.d a1, a2, (t2)', 'csrr a3, mscratch', 'nop'),
);

function programOf(items: readonly string[], step: number): string {
  let label = 0;
  const unique = items.map((text) => {
    label += 1;
    return text.replace('1f', `over${String(label)}`).replace('1:', `over${String(label)}:`);
  });
  return [
    `li t2, ${String(DATA)}`,
    `li t0, ${String(TURNS)}`,
    'li t1, 0x2545f491',
    'loop:',
    'slli t3, t1, 13',
    'xor t1, t1, t3',
    'srli t3, t1, 7',
    'xor t1, t1, t3',
    ...unique,
    `addi t2, t2, ${String(step)}`,
    'addi t0, t0, -1',
    'beqz t0, end',
    'j loop',
    'callee: addi a5, a5, 3',
    'ret',
    'end: j end',
  ].join('\n');
}

test('a loop takes as long for a core that remembers as for one that goes through its stages', (t) => {
  const property = fc.property(
    fc.array(item, { minLength: 1, maxLength: 12 }),
    fc.constantFrom(0, 8, 64),
    (items, step) => {
      const facts = (['oracle', 'interpreter'] as const).map((engine) => {
        const machine = testMachine({ profile: 'none', inStages: true, engine });
        machine.load(programOf(items, step));
        machine.run(CYCLES);
        return hartFacts(machine.hart);
      });
      const [expected = new Map<string, string>(), actual = new Map<string, string>()] = facts;
      const found = differences(expected, actual);
      if (found.length > 0) throw new Error(`${JSON.stringify(found)}\n${items.join('\n')}`);
    },
  );
  t.notThrows(() => fc.assert(property, cases(4, 1)));
});
