import test from 'ava';
import fc from 'fast-check';
import { hgatp, pmpaddrs, pmpcfgs, satp, vsatp } from '../../hw/isa/index.ts';
import { cases } from '../harness/cases.ts';
import { type EngineName, engineNames } from '../harness/engines.ts';
import { RAM_BASE, testMachine, type TestMachine } from '../hw/hart/machine.ts';
import { Leaf, rootRegister } from '../hw/hart/page-tables.ts';

// Programs that touch more pages than the TLB holds in a few of its sets, those of their own code among them.

const MEGAPAGE = 0x20_0000;
const DATA = RAM_BASE + MEGAPAGE;
const ROOT = DATA + 0x10_0000;
const MIDDLE = ROOT + 0x1000;
const STAGE2 = ROOT + 0x4000;
/** Virtual: windows that all show the same memory, and the code. Page numbers of both fall into the same sets. */
const WINDOWS = 0x4001_0000;
const CODE = 0x4100_0000;
const PAGES = 0x70_7000;
/** Where pages are small: tables of the last level, which show the same; and stage 2 leaves RAM where it is, page by page. */
const LASTS = DATA + 0x18_0000;
const LAST_COUNT = 4;
const STAGE2_MIDDLE = DATA + 0x19_0000;
const STAGE2_LASTS = STAGE2_MIDDLE + 0x1000;
/** All of the data's memory again, virtual: programs write tables there. */
const EVERYTHING = 0x4200_0000;
const GLOBAL = 0x20n;
/** Page tables, at the end of the memory that the windows show, are out of reach. */
const IN_PAGE = 0xff8;

const stages = ['one', 'two', 'second'] as const;

/** Steps of a program: `s0` is random, and an address made of some of its bits is in `t0`. */
const steps = {
  load: 'ld t1, 0(t0)\nadd s6, s6, t1',
  unsigned: 'lbu t1, 5(t0)\nxor s6, s6, t1',
  store: 'sd s6, 0(t0)',
  half: 'sh s6, 2(t0)',
  atomic: 'amoadd.d t1, s0, (t0)',
  misaligned: 'addi t1, t1, 1',
  divide: 'div t1, s0, s6',
  branch: 'andi t2, s0, 64\nbeqz t2, 1f\nld t1, 0(t0)\n1: addi s6, s6, 3',
  call: 'call other',
  reserve: 'lr.d t1, (t0)\nsd t1, 0(t0)\nsc.d t2, t1, (t0)',
  // Of two neighbouring pages of a table, one shows the other's memory from now on, where the TLB does not know better.
  remap:
    'srli t1, s0, 20\nandi t1, t1, 3\nslli t1, t1, 12\nadd t1, t1, s5\n' +
    'srli t2, s0, 22\nandi t2, t2, 0x38\nadd t1, t1, t2\n' +
    'ld t2, 0x80(t1)\nxori t2, t2, 1024\nsd t2, 0x80(t1)',
} as const;

type Step = keyof typeof steps;

/** The next random number, and an address in `t0`. */
const ADVANCE = 'mul s0, s0, s1\nadd s0, s0, s2\nsrli t0, s0, 17\nand t0, t0, s3\nadd t0, t0, s4\n';

function textOf(body: readonly Step[]): string {
  const lines = body.map((step) => `${ADVANCE}${steps[step]}\n`).join('');
  const other = `${ADVANCE}ld t1, 8(t0)\nadd s6, s6, t1\n${ADVANCE}sw s6, 16(t0)\nret\n`;
  return `again:\n${lines}j again\n.balign 4096\nother:\n${other}`;
}

interface Walking {
  readonly stage: (typeof stages)[number];
  readonly isSmall: boolean;
  readonly body: readonly Step[];
  readonly slices: readonly number[];
  readonly seed: number;
  readonly isPartlyProtected: boolean;
}

const walking = fc.record<Walking>({
  stage: fc.constantFrom(...stages),
  isSmall: fc.boolean(),
  body: fc.array(fc.constantFrom(...(Object.keys(steps) as Step[])), {
    minLength: 1,
    maxLength: 6,
  }),
  slices: fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 }),
  seed: fc.nat(),
  isPartlyProtected: fc.boolean(),
});

function writeEntry(machine: TestMachine, table: number, index: number, value: bigint): void {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  machine.memory.load(table + index * 8, bytes);
}

function entryOf(target: number, bits: bigint): bigint {
  return (BigInt(target / 4096) << 10n) | bits;
}

/** Fills a table with pages from `target` on. */
function writePages(machine: TestMachine, table: number, target: number, bits: bigint): void {
  const entries = BigUint64Array.from({ length: 512 }, (_, index) => {
    return entryOf(target + index * 4096, index % 3 === 0 ? bits | GLOBAL : bits);
  });
  machine.memory.load(table, new Uint8Array(entries.buffer));
}

function start(
  { stage, isSmall, body, seed, isPartlyProtected }: Walking,
  engine: EngineName,
): TestMachine {
  const machine = testMachine({ engine, profile: 'none' });
  const { hart } = machine;
  machine.load(textOf(body), RAM_BASE);
  const leaf = stage === 'second' ? Leaf.user : Leaf.supervisor;
  const first = stage === 'second' ? STAGE2 : ROOT;
  writeEntry(machine, first, 1, entryOf(MIDDLE, Leaf.table));
  for (let window = 0; window < 8; window += 1) {
    writeEntry(machine, MIDDLE, window, entryOf(DATA, leaf));
  }
  writeEntry(machine, MIDDLE, (CODE - 0x4000_0000) / MEGAPAGE, entryOf(RAM_BASE, leaf));
  writeEntry(machine, MIDDLE, (EVERYTHING - 0x4000_0000) / MEGAPAGE, entryOf(DATA, leaf));
  for (let window = 0; window < LAST_COUNT; window += 1) {
    const last = LASTS + window * 4096;
    if (isSmall) {
      writePages(machine, last, DATA, leaf);
      writeEntry(machine, MIDDLE, window, entryOf(last, Leaf.table));
    }
  }
  if (stage === 'two' && isSmall) {
    writeEntry(machine, STAGE2, 2, entryOf(STAGE2_MIDDLE, Leaf.table));
    for (let half = 0; half < 2; half += 1) {
      const last = STAGE2_LASTS + half * 4096;
      writeEntry(machine, STAGE2_MIDDLE, half, entryOf(last, Leaf.table));
      writePages(machine, last, RAM_BASE + half * MEGAPAGE, Leaf.user);
    }
  } else if (stage === 'two') writeEntry(machine, STAGE2, 2, entryOf(RAM_BASE, Leaf.user));
  const { csrs, state } = hart;
  // Of one page that the windows show, a few bytes may only be read.
  const few = (BigInt(DATA + 0x1_3040) >> 2n) | 7n;
  for (const [index, value] of [few, (1n << 54n) - 1n].entries()) {
    const register = pmpaddrs[index];
    if (register !== undefined) csrs.write(register, value);
  }
  const [configuration] = pmpcfgs;
  if (configuration !== undefined) csrs.write(configuration, isPartlyProtected ? 0x1f19n : 0x1f00n);
  csrs.write(stage === 'one' ? satp : vsatp, stage === 'second' ? 0n : rootRegister(ROOT));
  if (stage !== 'one') csrs.write(hgatp, rootRegister(STAGE2));
  state.privilege = 1;
  state.virtual = stage !== 'one';
  state.pc = BigInt(CODE);
  state.x[8] = BigInt(seed);
  state.x[9] = 6364136223846793005n;
  state.x[18] = 1442695040888963407n;
  state.x[19] = BigInt(PAGES | IN_PAGE);
  state.x[20] = BigInt(WINDOWS);
  state.x[21] = BigInt(EVERYTHING + LASTS - DATA);
  return machine;
}

/** What a machine says for itself between two slices. */
function glance({ hart: { state } }: TestMachine): string {
  return `pc 0x${state.pc.toString(16)} in cycle ${String(state.cycle)} after ${String(state.instret)} instructions`;
}

function leavesOf({ hart }: TestMachine): unknown {
  return { leaves: hart.account.tree.snapshot(), registers: [...hart.state.x].map(String) };
}

const [reference = 'oracle', ...others] = engineNames;

for (const engine of others) {
  test(`${engine}: walks take their time, and slices end where they do on ${reference}`, (t) => {
    const property = fc.property(walking, (program) => {
      const [expected, actual] = [start(program, reference), start(program, engine)];
      for (let round = 0; round < 15; round += 1) {
        for (const slice of program.slices) {
          expected.run(slice);
          actual.run(slice);
          if (glance(expected) !== glance(actual)) {
            throw new Error(`${glance(expected)}, but ${glance(actual)}`);
          }
        }
      }
      t.deepEqual(leavesOf(actual), leavesOf(expected));
    });
    t.notThrows(() => {
      fc.assert(property, cases(20, 1));
    });
  });
}

for (const stage of stages) {
  test(`after a while, generated code walks the tables for loads by itself, ${stage} of the stages`, (t) => {
    const few = { isPartlyProtected: false, slices: [], seed: 1 };
    const machine = start({ ...few, stage, isSmall: true, body: ['load'] }, 'translator');
    const { hart } = machine;
    let asked = 0;
    const { mmu } = hart;
    const reach = mmu.reach.bind(mmu);
    mmu.reach = (...access) => {
      asked += 1;
      return reach(...access);
    };
    machine.run(20_000);
    const walkCycles = (): number =>
      hart.account.cyclesOf('walk-stage-1') + hart.account.cyclesOf('walk-stage-2');
    const [before, askedBefore] = [walkCycles(), asked];
    machine.run(200_000);
    const walks = (walkCycles() - before) / (stage === 'two' ? 65 : 17);
    t.true(walks > 300, `${String(walks)} walks`);
    t.true(asked - askedBefore < 0.2 * walks, `asked ${String(asked - askedBefore)} times`);
  });
}
