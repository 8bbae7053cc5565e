import { join } from 'node:path';
import test from 'ava';
import { assemble } from '../../../hw/isa/index.ts';
import { bootBare, loadPlatform, run } from '../../../platforms/index.ts';
import { projectRoot } from '../../harness/project-root.ts';

// Hart 0 sleeps until its timer rings, then rings hart 1, which prints a byte and ends the run.
const program = `
  csrr t0, mhartid
  la t1, trap
  csrw mtvec, t1
  li s0, 0x02000000
  li s1, 0x10000000
  li s2, 0x100000
  bnez t0, second
  li t2, 0x02004000
  li t3, 0x0200bff8
  ld t4, 0(t3)
  addi t4, t4, 5
  sd t4, 0(t2)
  li t5, 128
  csrw mie, t5
  csrsi mstatus, 8
sleep:
  wfi
  j sleep
second:
  li t5, 8
  csrw mie, t5
  csrsi mstatus, 8
idle:
  wfi
  j idle
trap:
  csrr t0, mhartid
  bnez t0, rung
  li t6, -1
  sd t6, 0(t2)
  li t6, 1
  sw t6, 4(s0)
  mret
rung:
  li t6, 65
  sb t6, 0(s1)
  li t6, 0x5555
  sw t6, 0(s2)
  mret
`;

function observe(quantum: string | number) {
  const platform = loadPlatform(join(projectRoot, 'platforms/duvisor-2hart.yaml'), {
    set: { quantum },
  });
  const { bytes } = assemble(program, { base: 0x8000_0000 });
  const { machine } = bootBare(platform, { name: 'wake-up', bytes });
  const console: number[] = [];
  const edges: string[] = [];
  machine.console$.subscribe(({ byte }) => console.push(byte));
  machine.circuit.trace.signal$.subscribe(({ tick, signal, value }) => {
    edges.push(`${signal} ${value === true ? 'rises' : 'falls'} at ${String(tick)}`);
  });
  const steps = run(machine, { cycles: 100_000 });
  let step = steps.next();
  while (step.done !== true) {
    step = steps.next();
  }
  const cycles = machine.harts.map(({ state }) => state.cycle);
  return { end: step.value, console, edges, cycles, instructions: machine.instructionCount };
}

test('a timer wakes a sleeping hart at its tick, which wakes another through msip', (t) => {
  const { end, console, edges } = observe('exact');
  t.deepEqual(end, { kind: 'verdict', verdict: { kind: 'passed' }, device: 'finisher' });
  t.deepEqual(console, [65]);
  t.is(edges[0], 'clint.mtip.0 rises at 500');
  t.deepEqual(
    edges.map((edge) => edge.replace(/ at .*/, '')),
    ['clint.mtip.0 rises', 'clint.mtip.0 falls', 'clint.msip.1 rises'],
  );
});

test('a quantum of one cycle gives the same cycles as exact', (t) => {
  t.deepEqual(observe(1), observe('exact'));
});

test('the same run twice is the same', (t) => {
  t.deepEqual(observe('exact'), observe('exact'));
});
