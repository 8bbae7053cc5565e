import test from 'ava';
import { testMachine } from './machine.ts';

const sum = `
  li t0, 100
  li a0, 0
loop:
  add a0, a0, t0
  addi t0, t0, -1
  bnez t0, loop
  li t1, FINISHER
  sd a0, 0(t1)
end:
  j end
`;

test('a program in M mode runs from RAM until it stores to the finisher', (t) => {
  const machine = testMachine();
  machine.load(sum);
  machine.run();
  t.is(machine.finished(), 5050n);
  t.is(machine.hart.state.instret, 304);
  t.is(machine.hart.account.tree.sum(), machine.hart.state.cycle);
});

test('neither a quantum nor a bound between two instructions changes a cycle', (t) => {
  const whole = testMachine();
  whole.load(sum);
  whole.run();
  const { hart, load, finished } = testMachine();
  load(sum);
  while (finished() === undefined) hart.runUntil(hart.localTime + 1);
  t.is(hart.state.cycle, whole.hart.state.cycle);
  t.deepEqual(hart.account.tree.snapshot(), whole.hart.account.tree.snapshot());
});

test('a reset hart runs the same program in the same cycles', (t) => {
  const { hart, load, run } = testMachine();
  load(sum);
  run();
  const { cycle } = hart.state;
  hart.reset(0x8000_0000n);
  t.is(hart.state.cycle, 0);
  hart.runUntil(cycle);
  t.is(hart.state.instret, 304);
  t.is(hart.state.cycle, cycle);
});

test('the commit log has the lines of Spike', (t) => {
  const { hart, load, run } = testMachine();
  load(`
    auipc t0, 0
    csrrw a0, mscratch, t0
    sw t0, 64(t0)
    ld a1, 64(t0)
    amoadd.w x0, a1, (t0)
    csrw sie, t0
    j end
  end:
    la t1, 1f
    csrw mepc, t1
    mret
  1:
    li t1, FINISHER
    sd a0, 0(t1)
  `);
  const lines: string[] = [];
  hart.commitLog = (line) => {
    lines.push(line);
  };
  run();
  t.deepEqual(lines.slice(0, 7), [
    'core   0: 3 0x0000000080000000 (0x00000297) x5  0x0000000080000000',
    'core   0: 3 0x0000000080000004 (0x34029573) x10 0x0000000000000000 c832_mscratch 0x0000000080000000',
    'core   0: 3 0x0000000080000008 (0x0452a023) mem 0x0000000080000040 0x80000000',
    'core   0: 3 0x000000008000000c (0x0402b583) x11 0x0000000080000000 mem 0x0000000080000040',
    'core   0: 3 0x0000000080000010 (0x00b2a02f) mem 0x0000000080000000 mem 0x0000000080000000 0x80000297',
    'core   0: 3 0x0000000080000014 (0x10429073) c772_mie 0x0000000000000000',
    'core   0: 3 0x0000000080000018 (0x0040006f)',
  ]);
  const mret = lines.find((line) => line.includes('(0x30200073)'));
  t.regex(mret ?? '', / c768_mstatus 0x[0-9a-f]{16}$/);
});

test('in the commit log a return by SRET writes mstatus and, as it clears SPV, hstatus', (t) => {
  const { hart, load, run } = testMachine();
  load(`
    li t0, 0x180
    csrw hstatus, t0
    sret
  `);
  const lines: string[] = [];
  hart.commitLog = (line) => {
    lines.push(line);
  };
  run(60);
  t.regex(
    lines.find((line) => line.includes('(0x10200073)')) ?? '',
    / c768_mstatus 0x[0-9a-f]{16} c1536_hstatus 0x0000000200000100$/,
  );
});

test('the instruction limit is reported once', (t) => {
  const { hart, load, scheduler, queue } = testMachine();
  load('1: j 1b');
  let count = 0;
  hart.instructionLimit = {
    count: 10,
    reached: () => {
      count += 1;
      scheduler.stop('limit');
    },
  };
  t.like(scheduler.run(queue.now + 1000), { kind: 'stopped', reason: 'limit' });
  t.is(hart.state.instret, 10);
  scheduler.run(100);
  t.is(count, 1);
});

test('a loop that leads to itself and a trap storm are visible from outside', (t) => {
  const loop = testMachine();
  loop.load('1: j 1b');
  loop.run(100);
  t.true(loop.hart.status.selfLoopCount > 50);
  const storm = testMachine();
  storm.load('.word 0');
  storm.run(100);
  t.true(storm.hart.status.trapsInARow > 10);
  t.like(storm.hart.status.lastTrap, { cause: 1, to: 'M', pc: 0n });
});

test('code that is overwritten is executed as it stands', (t) => {
  const { hart, load, run } = testMachine();
  load(`
    la t0, 1f
    la t2, 2f
    lw t1, 0(t2)
    li a0, 0
    li t3, 2
  1:
    addi a0, a0, 1
    sw t1, 0(t0)
    addi t3, t3, -1
    bnez t3, 1b
    li t1, FINISHER
    sd a0, 0(t1)
  2:
    addi a0, a0, 16
  `);
  run();
  t.is(hart.state.x[10], 17n);
});
