import test from 'ava';
import { bootProgram, runProgram } from './machine.ts';

const pass = 'li t0, 0x100000\nli t1, 0x5555\nsw t1, 0(t0)\n9: j 9b\n';
const fail = 'li t0, 0x100000\nli t1, 0x13333\nsw t1, 0(t0)\n9: j 9b\n';
const passed = { kind: 'verdict', verdict: { kind: 'passed' }, device: 'finisher' } as const;

test('mtime advances once per period of the rtc clock', (t) => {
  const source = `
    rdtime s0
    rdcycle s1
    li t0, 5000
    1: addi t0, t0, -1
    bnez t0, 1b
    rdtime s2
    rdcycle s3
    wfi`;
  for (const [core, rtc] of [
    [100, 1],
    [100, 10],
    [50, 20],
  ] as const) {
    const overlay = `clock: { core: ${String(core)} MHz, rtc: ${String(rtc)} MHz }\n`;
    const { x } = runProgram(source, 'duvisor-1hart', overlay).machine.harts[0]?.state ?? {};
    const time = Number((x?.[18] ?? 0n) - (x?.[8] ?? 0n));
    const cycles = Number((x?.[19] ?? 0n) - (x?.[9] ?? 0n));
    t.true(cycles > 10_000);
    t.true(Math.abs(time - (cycles * rtc) / core) <= 1, `${String(time)} in ${String(cycles)}`);
  }
});

test('a timer interrupt of the CLINT ends the WFI of its hart', (t) => {
  const source = `
    li t0, 0x2004000
    li t1, 50
    sd t1, 0(t0)
    li t1, 0x80
    csrw mie, t1
    wfi
    ${pass}`;
  const { end, machine } = runProgram(source, 'duvisor-1hart');
  t.deepEqual(end, passed);
  t.true(machine.cycle >= 5000);
});

test('a hart wakes another through the CLINT, in exact mode and with any quantum', (t) => {
  const source = `
    li t0, 0x2000000
    bnez a0, 2f
    li t1, 1
    sw t1, 4(t0)
    1: wfi
    j 1b
    2: csrwi mie, 8
    wfi
    lw t1, 4(t0)
    beqz t1, 3f
    ${pass}
    3: ${fail}`;
  for (const quantum of ['exact', '1', '1000']) {
    const { end } = runProgram(source, 'duvisor-2hart', `quantum: ${quantum}\n`);
    t.deepEqual(end, passed, quantum);
  }
});

test('an input that is tied high is pending from the start', (t) => {
  const source = `csrr t0, mip\nsrli t0, t0, 11\nandi t0, t0, 1\nbeqz t0, 2f\n${pass}2: ${fail}`;
  t.deepEqual(runProgram(source, 'duvisor-1hart', 'wires: { hart.0.meip: high }\n').end, passed);
  t.is(runProgram(source, 'duvisor-1hart').end.kind, 'verdict');
  t.notDeepEqual(runProgram(source, 'duvisor-1hart').end, passed);
});

test('the interrupt of the UART reaches the hart input it is wired to', (t) => {
  const source = `
    li t0, 0x10000000
    li t1, 2
    sb t1, 1(t0)
    li t1, 0x800
    csrw mie, t1
    wfi
    ${pass}`;
  const wired = runProgram(source, 'duvisor-1hart', 'wires: { hart.0.meip: uart0.irq }\n');
  t.deepEqual(wired.end, passed);
  t.deepEqual(runProgram(source, 'duvisor-1hart').end, { kind: 'hang', hang: 'waiting' });
});

test('a machine without DV-Ext has none of its CSRs', (t) => {
  const source = `la t0, 1f\ncsrw mtvec, t0\ncsrr t1, utvec\n${fail}.align 2\n1: ${pass}`;
  t.deepEqual(runProgram(source, 'no-dv-2hart').end, passed);
  t.notDeepEqual(runProgram(source, 'duvisor-2hart').end, passed);
});

test('misaligned accesses trap, or are done by hardware, as the platform says', (t) => {
  const source = `la t0, 1f\ncsrw mtvec, t0\nla t0, 1f\nlw t1, 1(t0)\n${pass}.align 2\n1: ${fail}`;
  t.notDeepEqual(runProgram(source, 'duvisor-1hart').end, passed);
  t.deepEqual(runProgram(source, 'duvisor-1hart', 'harts: { misaligned: hardware }\n').end, passed);
});

test('a latency that is changed on the platform changes the cycles', (t) => {
  const cycles = (loadUse: number, loads: number): number => {
    const use = 'ld t1, 0(t0)\nadd t2, t1, t1\n'.repeat(loads);
    const overlay = `harts: { timing: { parameters: { loadUse: ${String(loadUse)} } } }\n`;
    const source = `la t0, 1f\n${use}${pass}.align 3\n1: .dword 0`;
    return runProgram(source, 'duvisor-1hart', overlay).machine.cycle;
  };
  const slowdown = (loads: number): number => cycles(7, loads) - cycles(2, loads);
  t.is(slowdown(20) - slowdown(10), 50);
});

test('every cycle of every hart belongs to one leaf of its tree', (t) => {
  const { machine } = runProgram(
    'li t0, 1000\n1: addi t0, t0, -1\nbnez t0, 1b\nwfi',
    'duvisor-2hart',
  );
  for (const { account, state } of machine.harts) t.is(account.tree.sum(), state.cycle);
});

test('a cycle that is on no leaf of the tree, or on two, ends the run as a defect', (t) => {
  const { machine } = runProgram('wfi', 'duvisor-2hart');
  const [, hart] = machine.harts;
  hart?.account.tree.add(0, 1);
  t.throws(() => machine.runTo(machine.cycle + 1), { message: /the cycle tree of hart 1 has/ });
});

test('where a run pauses has no effect on its result', (t) => {
  const source = `li t0, 20000\n1: addi t0, t0, -1\nmul t1, t0, t0\nbnez t0, 1b\n${pass}`;
  const { machine, end } = runProgram(source, 'duvisor-2hart');
  t.deepEqual(end, passed);
  const { machine: halting } = bootProgram(source, 'duvisor-2hart');
  while (halting.runTo(halting.cycle + 997).kind === 'limit');
  t.deepEqual(halting.statistics.snapshot(), machine.statistics.snapshot());
});
