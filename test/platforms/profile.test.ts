import test from 'ava';
import { foldedText } from '../../cli/profile/folded.ts';
import { functionsCsv } from '../../cli/profile/functions-csv.ts';
import { bootBare, loadPlatform, Profile, run } from '../../platforms/index.ts';
import { assemble } from '../../hw/isa/index.ts';
import { inProject } from '../harness/project-root.ts';
import { elfFile } from './elf-file.ts';

const start = 0x8000_0000;
const pass = 'li t1, 0x100000\nli t2, 0x5555\nsw t2, 0(t1)\nhalt: j halt\n';

/** Runs an assembly program, whose labels are its functions, and gives its profile. */
function profileOf(text: string, platform = 'bare-1hart', isProfiled = true) {
  const { bytes, labels } = assemble(text, { base: start });
  const symbols = Object.fromEntries([...labels].map(([name, value]) => [name, Number(value)]));
  const segments = [{ address: start, bytes }];
  const file = { name: 'dir/program.elf', bytes: elfFile({ entry: start, segments, symbols }) };
  const machinePlatform = loadPlatform(inProject('platforms', `${platform}.yaml`));
  const { machine, names } = bootBare(machinePlatform, file);
  const profile = new Profile(isProfiled ? machine : { harts: [] }, names);
  const steps = run(machine, { cycles: 100_000 });
  while (steps.next().done !== true);
  const entries = profile.entries();
  const folded = foldedText(entries);
  const stacks = folded
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/;[^;]* \d+$/, ''))
    .filter((line) => line.startsWith('hart.0;M;program;') && !line.includes('outside'))
    .map((line) => line.slice('hart.0;M;program;'.length));
  return { machine, folded, entries, stacks: [...new Set(stacks)].sort(), profile };
}

test('a function is seen below its callers, and again when they have called it twice', (t) => {
  const { stacks, profile, entries } = profileOf(`
    main: li sp, 0x80010000
    call outer
    call inner
    ${pass}
    outer: addi sp, sp, -16
    sd ra, 0(sp)
    call inner
    call inner
    ld ra, 0(sp)
    addi sp, sp, 16
    ret
    inner: ret
  `);
  t.deepEqual(stacks, ['main', 'main;inner', 'main;outer', 'main;outer;inner']);
  const csv = functionsCsv(entries, profile.functionEntries());
  t.regex(csv, /^0,M,,program,inner,entry,0,3$/m);
  t.regex(csv, /^0,M,,program,outer,entry,0,1$/m);
  t.regex(csv, /^0,M,,program,inner,issue,3,3$/m);
});

test('recursion is as deep as it was, and comes all the way back', (t) => {
  const { stacks } = profileOf(`
    main: li sp, 0x80010000
    li a0, 3
    call down
    call leaf
    ${pass}
    down: beqz a0, 1f
    addi sp, sp, -16
    sd ra, 0(sp)
    addi a0, a0, -1
    call down
    ld ra, 0(sp)
    addi sp, sp, 16
    1: ret
    leaf: ret
  `);
  for (const stack of ['main;down;down;down;down', 'main;leaf']) t.true(stacks.includes(stack));
  t.false(
    stacks.some(
      (stack) => stack.includes('down;leaf') || stack.endsWith('down;down;down;down;down'),
    ),
  );
});

test('a jump to another function takes its place: its return goes to the caller', (t) => {
  const { stacks } = profileOf(`
    main: li sp, 0x80010000
    call first
    call last
    ${pass}
    first: j second
    second: ret
    last: ret
  `);
  for (const stack of ['main;first', 'main;second', 'main;last'])
    t.true(stacks.includes(stack), stack);
});

test('a trap handler has a stack of its own, and what it interrupted goes on', (t) => {
  const { stacks } = profileOf(`
    main: li sp, 0x80010000
    la t0, handler
    csrw mtvec, t0
    call work
    ${pass}
    work: addi sp, sp, -16
    sd ra, 0(sp)
    ecall
    call leaf
    ld ra, 0(sp)
    addi sp, sp, 16
    ret
    leaf: ret
    .align 2
    handler: csrr t0, mepc
    addi t0, t0, 4
    csrw mepc, t0
    mv s0, ra
    call helper
    mv ra, s0
    mret
    helper: ret
  `);
  for (const stack of ['main;work', 'main;work;leaf', 'handler', 'handler;helper'])
    t.true(stacks.includes(stack), stack);
  t.false(stacks.some((stack) => stack.startsWith('work') || stack.startsWith('leaf')));
});

test('the entry of an interrupt behind a trap return is spent by what it interrupts', (t) => {
  const { profile, entries } = profileOf(`
    main: li sp, 0x80010000
    la t0, handler
    csrw mtvec, t0
    csrwi mie, 8
    csrsi mstatus, 8
    call work
    ${pass}
    work: ecall
    ret
    .align 2
    handler: li t0, 0x2000000
    csrr t1, mcause
    bltz t1, acknowledge
    li t2, 1
    sw t2, 0(t0)
    csrr t1, mepc
    addi t1, t1, 4
    csrw mepc, t1
    mret
    .align 2
    acknowledge: sw zero, 0(t0)
    mret
  `);
  const rows = functionsCsv(entries, profile.functionEntries());
  // docs/timing.md, "Trap entry": five for the ECALL, and five for the interrupt that MRET lets in.
  t.regex(rows, /^0,M,,program,work,trap-entry,10,2$/m);
  t.notRegex(rows, /^0,M,,program,(handler|acknowledge),trap-entry/m);
});

test('threads that turn to each other keep their stacks', (t) => {
  // switch: saves ra and sp of one thread at a0, takes those of another from a1.
  const { stacks } = profileOf(`
    main: li sp, 0x80010000
    la s0, save
    addi s1, s0, 16
    la t0, other
    sd t0, 0(s1)
    li t0, 0x80020000
    sd t0, 8(s1)
    call one
    ${pass}
    one: addi sp, sp, -16
    sd ra, 0(sp)
    mv a0, s0
    mv a1, s1
    call switch
    mv a0, s0
    mv a1, s1
    call switch
    call leaf
    ld ra, 0(sp)
    addi sp, sp, 16
    ret
    leaf: ret
    other: call two
    two: mv a0, s1
    mv a1, s0
    call switch
    call leaf
    j two
    switch: sd ra, 0(a0)
    sd sp, 8(a0)
    ld ra, 0(a1)
    ld sp, 8(a1)
    ret
    .align 3
    save: .dword 0
    .dword 0
    .dword 0
    .dword 0
  `);
  const expected = [
    'main;one;switch',
    'main;one;leaf',
    'other;two',
    'other;two;switch',
    'other;two;leaf',
  ];
  for (const stack of expected) t.true(stacks.includes(stack), stack);
  t.false(stacks.some((stack) => stack.startsWith('one') || stack.startsWith('two')));
});

test('a jump out of several calls lands where they began', (t) => {
  const { stacks } = profileOf(`
    main: li sp, 0x80010000
    call deep
    back: call leaf
    ${pass}
    deep: mv s0, ra
    addi sp, sp, -16
    call deeper
    nop
    deeper: addi sp, sp, 16
    mv ra, s0
    ret
    leaf: ret
  `);
  t.true(stacks.includes('main;deep;deeper'));
  t.true(stacks.includes('back;leaf') || stacks.includes('main;leaf'));
  t.false(stacks.some((stack) => stack.includes('deep;leaf')));
});

test('the cycles of every leaf of every hart are those of its cycle tree', (t) => {
  const { entries, machine } = profileOf(
    `main: bnez a0, park
    li t3, 500
    1: addi t3, t3, -1
    mul t4, t3, t3
    bnez t3, 1b
    ${pass}
    park: wfi
    j park`,
    'duvisor-2hart',
  );
  for (const { id, account, state } of machine.harts) {
    const own = entries.filter(({ hart }) => hart === id);
    t.is(
      own.reduce((sum, { cycles }) => sum + cycles, 0),
      state.cycle,
    );
    const waits = own.filter(({ mechanism }) => mechanism === 'wait');
    t.is(
      waits.reduce((sum, { cycles }) => sum + cycles, 0),
      account.tree.modes.reduce((sum, mode) => sum + account.tree.at(mode, 'wait'), 0),
    );
  }
});

for (const platform of ['rocket-rtl', 'rocket-firesim']) {
  test(`${platform}: with stages and caches, a profile changes no cycle and loses none`, (t) => {
    const text = `
      main: li sp, 0x80010000
      li s0, 300
      1: call f
      addi s0, s0, -1
      bnez s0, 1b
      halt: wfi
      j halt
      f: addi sp, sp, -16
      sd ra, 0(sp)
      div a0, a0, s0
      call g
      ld ra, 0(sp)
      addi sp, sp, 16
      ret
      g: slli a1, s0, 7
      add a1, a1, sp
      ld a2, 0(a1)
      ret
    `;
    const { machine, stacks, entries } = profileOf(text, platform);
    const [hart] = machine.harts;
    const { machine: plain } = profileOf(text, platform, false);
    t.deepEqual(hart?.account.tree.snapshot(), plain.harts[0]?.account.tree.snapshot());
    t.true(stacks.includes('main;f;g'));
    t.true(entries.some(({ mechanism }) => mechanism === 'data-cache'));
  });
}
