import test from 'ava';
import { timingParameters } from '../../hw/timing/index.ts';
import { bootProgram, runProgram } from './machine.ts';

/** The line of a platform that names a timing file. */
const timing = (name: string): string => `harts: { timing: platforms/timing/${name}.yaml }\n`;

/** Loads, multiplies, divides, branches, calls, stores to a device, reads a CSR, traps and returns. */
const program = `
  la t0, handler
  csrw mtvec, t0
  la s0, data
  li s1, 20
1:
  ld t1, 0(s0)
  mul t1, t1, s1
  addi t1, t1, 7
  sd t1, 0(s0)
  lb t2, 0(s0)
  div t3, t1, s1
  amoadd.d t3, t3, (s0)
  andi t4, s1, 3
  beqz t4, 2f
  jal ra, function
2:
  csrr t5, mscratch
  csrw mscratch, t5
  fence
  ecall
  addi s1, s1, -1
  bnez s1, 1b
  li t0, 0x100000
  li t1, 0x5555
  sw t1, 0(t0)
3: j 3b
function: ret
  .balign 4
handler:
  csrr t6, mepc
  addi t6, t6, 4
  csrw mepc, t6
  mret
  .balign 64
data: .dword 3
`;

test('Issue: with timing/ideal.yaml an instruction takes one cycle, and so does a trap', (t) => {
  const traps = 20;
  const { machine, end } = runProgram(program, 'duvisor-1hart', timing('ideal'));
  t.is(end.kind, 'verdict');
  t.is(machine.cycle, machine.instructionCount + traps);
});

test('ideal.yaml has the least value of every number of cycles, and the predictors of rocket.yaml', (t) => {
  const parametersOf = (name: string) => {
    const { machine } = bootProgram(program, 'duvisor-1hart', timing(name));
    return machine.platform.harts.timing.parameters;
  };
  const [ideal, rocket] = [parametersOf('ideal'), parametersOf('rocket')];
  for (const { name, unit, minimum } of timingParameters) {
    t.is(ideal[name].value, unit === 'cycles' ? minimum : rocket[name].value, name);
  }
});
