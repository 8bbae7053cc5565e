import {
  type Csr,
  csrs,
  type DvProfile,
  dvProfiles,
  type Extension,
  type Instruction,
  instructions,
} from '../../hw/isa/index.ts';
import { csrNamed } from '../hw/hart/csr-bench.ts';
import {
  openProtection,
  RAM_BASE,
  testMachine,
  type TestMachine,
  type TestMachineOptions,
} from '../hw/hart/machine.ts';
import { mapPage, rootRegister } from '../hw/hart/page-tables.ts';
import type { EngineName } from './engines.ts';

const PAGE = 4096;
const WORDS = 0x2000;
const HANDLER = RAM_BASE + 0x2_0000;
/** Behind the code comes data; both are mapped, page by page. */
const MAPPED = 0x1_8000;
const HOST = { at: RAM_BASE + 0x10_0000, pages: 1 } as const;
const GUEST = { at: RAM_BASE + 0x11_0000, pages: 1 } as const;
const STAGE2 = { at: RAM_BASE + 0x14_0000, pages: 4 } as const;
const USER = 0x10n;
const GLOBAL = 0x20n;
/** Leaves: everything, and without one permission or mark each. */
const FULL = 0xcfn;
const lesser = [0xcbn, 0xc9n, 0xc7n, 0x8fn, 0x4fn, 0x43n] as const;

/** Goes on somewhere in the code, with a random `mstatus` and so in a random mode, floating point on. */
const handler = `
  csrw mscratch, t6
  li t5, 0x9e3779b97f4a7c15
  csrr t6, mcycle
  mul t6, t6, t5
  csrw mstatus, t6
  li t6, 0x6000
  csrs mstatus, t6
  csrs vsstatus, t6
  csrr t6, mcycle
  slli t6, t6, 50
  srli t6, t6, 49
  andi t6, t6, -4
  csrw mepc, t6
  li t6, 1
  slli t6, t6, 31
  csrs mepc, t6
  csrr t6, mscratch
  mret
`;

const named: readonly Extension[] = ['sstc', 'svadu', 'zihpm', 'zicbom', 'zicboz', 'sv48'];
// A hart that sleeps for good would end the experiment.
const awake = instructions.filter(({ name }) => name !== 'wfi');
const plain = awake.filter(({ extension }) => ['i', 'm', 'a', 'f', 'd'].includes(extension));
// Traps go on leading to the handler.
const harmless = csrs.filter(({ name }) => !['medeleg', 'mtvec', 'mie'].includes(name));

/** Random numbers of 32 bits, the same ones for the same seed. */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 7919 + 13) >>> 0;
  }

  below(count: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return ((this.#state ^ (this.#state >>> 15)) >>> 0) % count;
  }

  oneIn(count: number): boolean {
    return this.below(count) === 0;
  }

  of<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }

  word(): number {
    return this.below(2 ** 32);
  }
}

const OPCODE = 0x7f;
const FUNCT3 = 0x7000;
const SYSTEM = 0x73;
const GUEST_ACCESS = 0x4000;
const BRANCH = 0x63;
const FAR = 0x7c00_0000;

function isCsrAccess({ encoding: { match } }: Instruction): boolean {
  const form = match & FUNCT3;
  return (match & OPCODE) === SYSTEM && form !== 0 && form !== GUEST_ACCESS;
}

/** Any word now and then, else an instruction with random operands; CSRs that exist, and branches to places nearby. */
function randomWord(random: Random): number {
  if (random.oneIn(24)) return random.word();
  const row = random.of(random.oneIn(4) ? awake : plain);
  const { mask, match } = row.encoding;
  const csr: Csr = random.of(harmless);
  const operands = isCsrAccess(row) ? (csr.address << 20) | random.below(2 ** 20) : random.word();
  const word = (operands & ~mask) | match;
  return (match & OPCODE) === BRANCH ? word & ~FAR : word;
}

function randomLeaf(random: Random): bigint {
  const leaf = random.below(3) === 0 ? random.of(lesser) : FULL;
  return leaf | (random.oneIn(2) ? USER : 0n) | (random.oneIn(8) ? GLOBAL : 0n);
}

/** Maps most pages in each stage, most of them to themselves, with most permissions. */
function mapMost(machine: TestMachine, random: Random): void {
  for (let page = RAM_BASE; page < RAM_BASE + MAPPED; page += PAGE) {
    for (const table of [HOST, GUEST, STAGE2] as const) {
      if (random.oneIn(12)) continue;
      const target = random.oneIn(4) ? RAM_BASE + random.below(MAPPED / PAGE) * PAGE : page;
      const leaf = randomLeaf(random) | (table === STAGE2 ? USER : 0n);
      mapPage(machine, table, [page, target], leaf);
    }
  }
  for (let table = GUEST.at; table < GUEST.at + 3 * PAGE; table += PAGE) {
    mapPage(machine, STAGE2, [table, table], FULL | USER);
  }
}

/** What a machine of random code is made for. */
interface RandomCodeOptions {
  readonly engine: EngineName;
  /** Any, if it is not named. */
  readonly profile?: DvProfile;
}

function optionsOf(random: Random, options: RandomCodeOptions): TestMachineOptions {
  const { engine, profile = random.of(dvProfiles) } = options;
  const isOpen = profile !== 'none' && random.oneIn(2);
  return {
    engine,
    profile,
    knobs: isOpen ? { pmc: { kind: 'none' } } : {},
    misaligned: random.of(['trap', 'hardware'] as const),
    hartCount: 1 + random.below(2),
    compressed: random.oneIn(2),
    float: random.oneIn(2),
    named: named.filter(() => !random.oneIn(4)),
  };
}

/**
 * A machine full of random instructions, between random page tables of both stages, each of whose harts begins somewhere. The same seed
 * makes the same on every engine.
 */
export function randomCodeMachine(seed: number, options: RandomCodeOptions): TestMachine {
  const random = new Random(seed);
  const machine = testMachine(optionsOf(random, options));
  const code = new Uint32Array(WORDS).map(() => randomWord(random));
  machine.memory.load(RAM_BASE, new Uint8Array(code.buffer));
  machine.load(handler, HANDLER);
  mapMost(machine, random);
  for (const hart of machine.harts) {
    openProtection(hart);
    const write = (name: string, value: bigint): void => {
      const csr = csrNamed(name);
      if (hart.csrs.has(csr)) hart.csrs.write(csr, value);
    };
    write('mtvec', BigInt(HANDLER));
    for (const name of ['stvec', 'vstvec', 'utvec']) {
      write(name, BigInt(RAM_BASE + random.below(WORDS) * 4));
    }
    for (const name of [
      'mcounteren',
      'hcounteren',
      'scounteren',
      'menvcfg',
      'henvcfg',
      'senvcfg',
    ]) {
      write(name, (1n << 64n) - 1n);
    }
    if (random.oneIn(2)) write('medeleg', BigInt(random.word()) & 0xf0_0008n);
    if (random.oneIn(2)) write('hedeleg', BigInt(random.word()));
    for (const [name, { at }] of [
      ['satp', HOST],
      ['vsatp', GUEST],
      ['hgatp', STAGE2],
    ] as const) {
      if (!random.oneIn(4)) write(name, rootRegister(at));
    }
    for (let register = 1; register < 32; register++) {
      hart.state.x[register] = BigInt(RAM_BASE + random.below(MAPPED)) & ~7n;
    }
  }
  return machine;
}
