import {
  type Csr,
  hcounteren,
  henvcfg,
  hedeleg,
  hgatp,
  hideleg,
  hstatus,
  mcounteren,
  medeleg,
  menvcfg,
  mideleg,
  mie,
  mstatus,
  mtvec,
  pmpaddrs,
  pmpcfgs,
  Pte,
  registerNumber,
  satp,
  scounteren,
  senvcfg,
  stvec,
  vsatp,
  vsstatus,
  vstvec,
} from '../../../hw/isa/index.ts';
import type { Hart } from '../../../hw/hart/index.ts';
import { MachineState } from '../../../platforms/checkpoint/machine-state.ts';
import {
  CACHES,
  RAM_BASE,
  testMachine,
  type TestMachine,
  type TestMachineOptions,
} from '../../hw/hart/machine.ts';
import { type EngineName, engines } from '../engines.ts';
import { type Environment, executableModes } from './environment.ts';
import { handler, modeBits } from './handlers.ts';
import {
  ALIAS_COUNT,
  ALIAS_DISTANCE,
  ALIASES,
  CODE_PAGE,
  CODE_PAGE_COUNT,
  DATA,
  DATA_PAGE_COUNT,
  DEVICE,
  HANDLERS,
  pointers,
  RESTRICTED,
  STAGE1_TABLES,
  STAGE2_TABLES,
  TABLE_WINDOW,
} from './layout.ts';
import { PageTables } from './page-tables.ts';
import { Pulses } from './pulses.ts';
import type { RandomProgram } from './program.ts';

const PAGE = 0x1000;
const { valid, read, write, execute, user, accessed, dirty } = Pte;
const EVERYTHING = valid | read | write | execute | accessed | dirty;
const CALLS = (1n << 8n) | (1n << 10n);
const ALL = (1n << 64n) - 1n;

function restricted(bits: bigint, restriction: Environment['restriction']): bigint {
  switch (restriction) {
    case 'absent':
      return bits & ~valid;
    case 'read-only':
      return bits & ~write;
    case 'not accessed':
      return bits & ~accessed;
    case 'not dirty':
      return bits & ~dirty;
    case 'other user':
      return bits ^ user;
    default:
      return bits;
  }
}

function mapStage1({ memory }: TestMachine, { mode, stage1, restriction }: Environment): void {
  const levels = stage1 === 'sv48' ? 4 : 3;
  const tables = new PageTables(memory, { base: STAGE1_TABLES, levels, rootPages: 1 });
  const own = mode === 'U' || mode === 'VU' ? EVERYTHING | user : EVERYTHING;
  for (const page of [HANDLERS.HS, HANDLERS.VS]) tables.map(page, page, EVERYTHING);
  for (let page = 0; page < CODE_PAGE_COUNT; page++) {
    tables.map(CODE_PAGE + page * PAGE, CODE_PAGE + page * PAGE, own);
  }
  for (let page = 0; page < DATA_PAGE_COUNT; page++) {
    const at = DATA + page * PAGE;
    tables.map(at, at, at === RESTRICTED ? restricted(own, restriction) : own);
  }
  for (let alias = 0; alias < ALIAS_COUNT; alias++) {
    tables.map(ALIASES + alias * ALIAS_DISTANCE, DATA, own);
  }
  tables.map(DEVICE & ~(PAGE - 1), DEVICE & ~(PAGE - 1), own);
  tables.map(TABLE_WINDOW, tables.lastTableOf(DATA), own);
}

function mapStage2({ memory }: TestMachine, { stage1, stage2, restriction }: Environment): void {
  const tables = new PageTables(memory, { base: STAGE2_TABLES, levels: 3, rootPages: 4 });
  const bits = EVERYTHING | user;
  const isLarge = stage2 === 'sv39x4 in large pages';
  if (isLarge) tables.map(RAM_BASE, RAM_BASE, bits, 1);
  else {
    for (let page = 0; page < 0x16_0000 / PAGE; page++) {
      const at = RAM_BASE + page * PAGE;
      if (at === RESTRICTED && restriction === 'stage 2 absent') continue;
      const isReadOnly = at === RESTRICTED && restriction === 'stage 2 read-only';
      tables.map(at, at, isReadOnly ? bits & ~write : bits);
    }
  }
  if (stage1 === 'bare' && restriction !== 'stage 2 absent') {
    for (let alias = 0; alias < ALIAS_COUNT; alias++) {
      tables.map(ALIASES + alias * ALIAS_DISTANCE, DATA, bits);
    }
  }
  tables.map(DEVICE & ~(PAGE - 1), DEVICE & ~(PAGE - 1), bits);
}

const pmpMode = { locked: 0x80n, guest: 0x20n, napot: 0x18n, topOfRange: 0x08n } as const;
const ALL_RIGHTS = 7n;

/** What a protection entry for the restricted page, or 64 bytes of it, allows. */
function restrictedRights(restriction: Environment['restriction']): bigint | undefined {
  switch (restriction) {
    case 'protected':
      return pmpMode.napot;
    case 'protected from M too':
      return pmpMode.napot | pmpMode.locked;
    case 'partly protected':
      return pmpMode.napot | 1n;
    default:
      return undefined;
  }
}

/** Protects as the environment says, and allows everything else: to hosts, and where PMC has them to guests. */
function protect(set: (csr: Csr | undefined, value: bigint) => void, env: Environment): void {
  const { restriction, profile } = env;
  const everywhere = (1n << 54n) - 1n;
  const entries: { address: bigint; rights: bigint }[] = [];
  const rights = restrictedRights(restriction);
  if (rights !== undefined) {
    const bytes = restriction === 'partly protected' ? 64n : BigInt(PAGE);
    const base = BigInt(RESTRICTED) + (bytes === 64n ? 0x100n : 0n);
    entries.push({ address: (base + bytes / 2n - 1n) >> 2n, rights });
  }
  if (profile !== 'none') {
    entries.push({ address: 0n, rights: 0n });
    entries.push({
      address: everywhere,
      rights: pmpMode.guest | pmpMode.topOfRange | ALL_RIGHTS,
    });
  }
  entries.push({ address: everywhere, rights: pmpMode.napot | ALL_RIGHTS });
  let configuration = 0n;
  for (const [index, entry] of entries.entries()) {
    set(pmpaddrs[index], entry.address);
    configuration |= entry.rights << BigInt(index * 8);
  }
  set(pmpcfgs[0], configuration);
}

function delegations({ delegation }: Environment): { medeleg: bigint; hedeleg: bigint } {
  switch (delegation) {
    case 'none':
      return { medeleg: 0n, hedeleg: 0n };
    case 'all but calls':
      return { medeleg: ALL & ~CALLS, hedeleg: 0n };
    case 'all':
      return { medeleg: ALL, hedeleg: 0n };
    case 'to the guest':
      return { medeleg: ALL & ~CALLS, hedeleg: ALL };
  }
}

function rootOf(mode: 'bare' | 'sv39' | 'sv48' | 'sv39x4', at: number): bigint {
  const modes = { bare: 0n, sv39: 8n, sv39x4: 8n, sv48: 9n };
  return mode === 'bare' ? 0n : (modes[mode] << 60n) | BigInt(at / PAGE);
}

function setCsrs({ csrs }: Hart, env: Environment): void {
  const set = (csr: Csr | undefined, value: bigint): void => {
    if (csr !== undefined && csrs.has(csr)) csrs.write(csr, value);
  };
  protect(set, env);
  const { medeleg: toHost, hedeleg: toGuest } = delegations(env);
  const root = rootOf(env.stage1, STAGE1_TABLES);
  // Cache-block instructions of every kind, STCE and ADUE.
  const enabled = 0xf0n | (1n << 63n) | (env.updatesTables ? 1n << 61n : 0n);
  for (const [csr, value] of [
    [mtvec, BigInt(HANDLERS.M)],
    [stvec, BigInt(HANDLERS.HS)],
    [vstvec, BigInt(HANDLERS.VS)],
    [medeleg, toHost],
    [hedeleg, toGuest],
    [mideleg, toHost === 0n ? 0n : ALL],
    [hideleg, toGuest],
    [mcounteren, 0xfn],
    [hcounteren, 0xfn],
    [scounteren, 0xfn],
    [mie, ALL],
    [satp, root],
    [vsatp, root],
    [hgatp, rootOf(env.stage2 === 'bare' ? 'bare' : 'sv39x4', STAGE2_TABLES)],
    // HU, so that user mode may reach guest memory.
    [hstatus, 1n << 9n],
    // Where there are floating-point registers, they may be used. MPIE, MIE and SIE.
    [mstatus, 0x6000n | 0x88n | 2n],
    [menvcfg, enabled],
    [henvcfg, enabled],
    [senvcfg, 0xf0n],
    [vsstatus, 0x6002n],
  ] as const) {
    set(csr, value);
  }
}

/** Floating-point values with corners among them, as registers of 64 bits hold them. */
const floatCorners = [
  0n,
  0x8000_0000_0000_0000n,
  0x3ff0_0000_0000_0000n,
  0x7ff0_0000_0000_0000n,
  0x7ff0_0000_0000_0001n,
  0x7ff8_0000_0000_0000n,
  0x000f_ffff_ffff_ffffn,
  0x7fef_ffff_ffff_ffffn,
  0xffff_ffff_3f80_0000n,
  0xffff_ffff_0000_0001n,
  0xffff_ffff_7f80_0001n,
  0xffff_ffff_ff7f_ffffn,
];

/** Fills data and registers. */
function fill(machine: TestMachine, seed: number): void {
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state ^ (state >>> 15)) >>> 0;
  };
  const words = new Uint32Array((DATA_PAGE_COUNT * PAGE) / 4);
  for (let index = 0; index < words.length; index++) words[index] = next();
  machine.memory.load(DATA, new Uint8Array(words.buffer));
  const any = (): bigint => (BigInt(next()) << 32n) | BigInt(next());
  for (const { state: hart } of machine.harts) {
    for (let register = 1; register < 32; register++) hart.x[register] = any();
    for (let register = 0; register < 32; register++) {
      const corner = floatCorners[next() % (2 * floatCorners.length)];
      hart.f[register] = corner ?? any();
    }
    for (const [name, at] of Object.entries(pointers)) {
      hart.x[registerNumber(name) ?? 0] = BigInt(at);
    }
  }
}

/** A machine with everything that happens to it from outside. */
export interface StartedMachine extends TestMachine {
  /** All state, for checkpoints. */
  readonly checkpoint: MachineState;
}

/** A machine about to run a program on an engine. */
export function startMachine(
  program: RandomProgram,
  engine: EngineName,
  options: TestMachineOptions = {},
): StartedMachine {
  const { environment: env, text, base, seed } = program;
  const { compressed, float, misaligned, profile, hartCount } = env;
  const features = { compressed, float, misaligned, profile, hartCount };
  // The guest timer of DV-Ext and that of Sstc share a compare register, which the handlers of guests may not set.
  const hasTimers = profile === 'none';
  const named = [
    ...(['zicbom', 'zicboz', 'zicbop', 'zihpm', 'sv48', 'svinval', 'svadu'] as const),
    ...(hasTimers ? (['sstc'] as const) : []),
  ];
  const machine = testMachine({ ...options, ...engines[engine].machine, ...features, named });
  fill(machine, seed);
  mapStage1(machine, env);
  mapStage2(machine, env);
  const hops = executableModes(env);
  for (const level of ['M', 'HS', 'VS'] as const) {
    machine.load(handler(level, { hops, hasTimers }), HANDLERS[level]);
  }
  const { labels } = machine.load(text, base);
  const bits = modeBits[env.mode];
  for (const hart of machine.harts) {
    setCsrs(hart, env);
    hart.state.x[27] = labels.get('end') ?? 0n;
    hart.state.pc = BigInt(base);
    hart.state.privilege = Number((bits >> 11n) & 3n);
    hart.state.virtual = bits >> 39n === 1n;
  }
  const { memory, queue, harts } = machine;
  const checkpoint = new MachineState({
    memory: memory.machine,
    queue,
    harts,
    areas: [
      memory.name,
      ...(options.inStages === true || options.hasSmallCaches === true ? [CACHES] : []),
    ],
    parts: { pulses: new Pulses(machine, env.pulses) },
  });
  return { ...machine, checkpoint };
}
