import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { resolveDvExt, type DvOverrides } from '../../../hw/dv-ext/index.ts';
import {
  codeArea,
  codeMemoryBytes,
  CodeWords,
  compiledCodeFor,
  Hart,
  HartTeam,
  pathArea,
  hartMemoryBytes,
  Reservations,
  type TranslationLimits,
  usualLimits,
} from '../../../hw/hart/index.ts';
import {
  assemble,
  type Assembly,
  type CsrFeatures,
  type DvProfile,
  everyExtension,
  type Extension,
  pmpaddrs,
  pmpcfgs,
} from '../../../hw/isa/index.ts';
import {
  EventQueue,
  MachineMemory,
  type MmioTarget,
  type Quantum,
  Scheduler,
} from '../../../hw/kernel/index.ts';
import { Bus, Memory, ram } from '../../../hw/memory/index.ts';
import {
  MemoryModel,
  memoryModelBytes,
  type MemoryTimingParameters,
  StateArea,
  timingParametersFrom,
  type TimingParameters,
} from '../../../hw/timing/index.ts';

import { type EngineName, engineUnderTest } from '../../harness/engine-under-test.ts';
import { inProject } from '../../harness/project-root.ts';
import { rocketMemory } from '../timing/memory/rocket.ts';

/** Where RAM begins in these machines. */
export const RAM_BASE = 0x8000_0000;
/** Where the device that ends a program is. */
const FINISHER = 0x10_0000;
const RAM_BYTES = 0x40_0000;
/** Caches of a few lines and TLBs of a few pages. */
function smallCaches(): MemoryTimingParameters {
  const { parameters, backEnd } = cachesOfRocket();
  const small = {
    ...{ instructionCacheSets: 4, instructionCacheWays: 2, dataCacheSets: 2, dataCacheWays: 2 },
    ...{ l2Sets: 4, l2Ways: 4, tlbEntries: 8, tlbSectors: 2, tlbSuperpages: 2 },
  };
  return { parameters: { ...parameters, ...small }, backEnd };
}

/** The area of the model of caches, where there is one. */
export const CACHES = 'caches';
const CORE_TICKS_PER_TIME = 100;

let rocket: TimingParameters | undefined;

/** The latencies of platforms/timing/rocket.yaml. */
export function rocketTiming(): TimingParameters {
  rocket ??= readRocketTiming();
  return rocket;
}

function readRocketTiming(): TimingParameters {
  const file = parse(readFileSync(inProject('platforms/timing/rocket.yaml'), 'utf8')) as {
    parameters: Record<string, { value: number }>;
  };
  const values = Object.entries(file.parameters).map(([name, { value }]) => [name, value]);
  return timingParametersFrom(Object.fromEntries(values) as Record<string, number>);
}

let caches: MemoryTimingParameters | undefined;

function cachesOfRocket(): MemoryTimingParameters {
  caches ??= rocketMemory();
  return caches;
}

/** What a test varies. */
export interface TestMachineOptions {
  readonly profile?: DvProfile;
  readonly knobs?: DvOverrides;
  readonly misaligned?: 'trap' | 'hardware';
  readonly hartCount?: number;
  /** Whether the harts have the C extension. */
  readonly compressed?: boolean;
  /** Extensions with names of several letters. */
  readonly named?: readonly Extension[];
  /** Whether the harts have the F and D extensions. */
  readonly float?: boolean;
  readonly timing?: Partial<TimingParameters>;
  /** Whether cores go through their stages, with caches and TLBs. */
  readonly inStages?: boolean;
  /** Whether there are caches and TLBs behind rules, small ones that most programs exceed. */
  readonly hasSmallCaches?: boolean;
  /** Whether ECALL and EBREAK count in `minstret`. */
  readonly environmentCallsRetire?: boolean;
  /** Which engine executes plain instructions. */
  readonly engine?: EngineName;
  /** How the translator differs from the usual; here code is hot after two jumps. */
  readonly translation?: Partial<TranslationLimits>;
}

/** RAM, harts and a finisher, without platform file. */
export interface TestMachine {
  readonly harts: readonly Hart[];
  readonly hart: Hart;
  readonly bus: Bus;
  readonly queue: EventQueue;
  readonly scheduler: Scheduler;
  /** A scheduler of its harts with another quantum. */
  readonly schedulerFor: (quantum: Quantum) => Scheduler;
  readonly memory: Memory;
  /** The value that software stored to the finisher. */
  readonly finished: () => bigint | undefined;
  /** Places code in RAM and returns it. */
  readonly load: (text: string, base?: number) => Assembly;
  /** Runs until the finisher is written or `cycles` passed. */
  readonly run: (cycles?: number) => void;
}

/** Lets S and U mode at all memory: one entry that covers everything. */
export function openProtection({ csrs }: Hart): void {
  const [address] = pmpaddrs;
  const [configuration] = pmpcfgs;
  if (address !== undefined) csrs.write(address, (1n << 54n) - 1n);
  if (configuration !== undefined) csrs.write(configuration, 0x1fn);
}

/** Builds a machine; every hart starts at the beginning of RAM in M mode. */
export function testMachine(options: TestMachineOptions = {}): TestMachine {
  const { profile = 'paper', knobs = {}, misaligned = 'trap', hartCount = 1 } = options;
  const { compressed = false, float = false, named = [], inStages = false } = options;
  const dvExt = resolveDvExt(profile, knobs);
  const { rules } = dvExt;
  const every = everyExtension(profile);
  const absent: ReadonlySet<string> = new Set([
    ...(compressed ? [] : ['c']),
    ...(float ? [] : ['f', 'd']),
    ...(rules?.['vtimer.registers'] === 'clint' ? [] : ['dv-timer']),
    ...(rules?.['posting.interface'] === 'instructions' ? [] : ['dv-vipi']),
  ]);
  const selected = [...every.extensions].filter((name) => !absent.has(name));
  const selection = { ...every, extensions: new Set(selected) };
  const timing = options.timing ? { ...rocketTiming(), ...options.timing } : rocketTiming();
  const pipeline = inStages ? 'stages' : 'rules';
  const caches = inStages
    ? cachesOfRocket()
    : options.hasSmallCaches === true
      ? smallCaches()
      : undefined;
  const engine = options.engine ?? engineUnderTest();
  const remembers = inStages && engine !== 'oracle';
  const hartBytes = hartMemoryBytes(timing);
  const machine = new MachineMemory([
    ...Array.from({ length: hartCount }, (_, id) => ({
      name: `hart.${String(id)}`,
      bytes: hartBytes,
    })),
    ...(remembers ? Array.from({ length: hartCount }, (_, id) => pathArea(id)) : []),
    { name: codeArea, bytes: codeMemoryBytes({ selection }) },
    ...(caches ? [{ name: CACHES, bytes: memoryModelBytes(caches, hartCount) }] : []),
    { name: 'ram', bytes: RAM_BYTES },
  ]);
  const model =
    caches &&
    new MemoryModel(caches, hartCount, new StateArea(machine.buffer, machine.area(CACHES).offset));
  const codeWords = remembers ? new CodeWords(machine.buffer.byteLength) : undefined;
  const compiled =
    engine === 'oracle'
      ? undefined
      : compiledCodeFor({ selection, timing, pipeline, caches: model }, machine, engine, {
          ...usualLimits,
          heat: 2,
          arrivals: 2,
          ...options.translation,
        });
  const bus = new Bus();
  const memory = new Memory(ram, {
    name: 'ram',
    base: RAM_BASE,
    machine,
    area: machine.area('ram'),
  });
  bus.mapMemory(memory);
  const queue = new EventQueue();
  let finished: bigint | undefined;
  let stop: () => void = () => undefined;
  const finisher: MmioTarget = {
    name: 'finisher',
    size: 0x1000,
    latency: 'device',
    read: () => 0n,
    write: (offset, _bytes, value) => {
      if (offset !== 0) return true;
      finished ??= value;
      stop();
      return true;
    },
  };
  bus.mapDevice(FINISHER, finisher);
  const reservations = new Reservations();
  const harts = Array.from({ length: hartCount }, (_, hartId) => {
    const features: CsrFeatures = {
      hartId,
      extensions: `ima${float ? 'fd' : ''}${compressed ? 'c' : ''}suh`,
      named: new Set(named),
      asidBits: 16,
      vmidBits: rules?.vmidBits ?? 14,
      guestInterruptCount: 0,
      pmpEntryCount: rules?.['pmc.entries'] ?? 16,
      pmpGrainShift: Math.log2(rules?.['pmc.granularity'] ?? 4),
      pmpVirtual: rules?.['pmc.kind'] === 'ranges',
      vectoredAlignment: 4,
      dv: rules,
    };
    return new Hart(
      {
        features,
        selection,
        dvExt,
        timing,
        misaligned,
        pipeline,
        environmentCallsRetire: options.environmentCallsRetire ?? false,
        ticksPerCycle: 1,
      },
      {
        memory: machine,
        memoryOffset: machine.area(`hart.${String(hartId)}`).offset,
        bus,
        reservations,
        compiled,
        codeWords,
        paths: remembers ? machine.area(pathArea(hartId).name) : undefined,
        core: model?.cores[hartId],
        timeAt: (tick) => BigInt(Math.floor(tick / CORE_TICKS_PER_TIME)),
        tickOf: (time) => Number(time) * CORE_TICKS_PER_TIME,
        queue,
      },
    );
  });
  const turns = harts.flatMap((each) => each.turns ?? []);
  const team = compiled && new HartTeam(compiled, turns, 1);
  const schedulerFor = (quantum: Quantum): Scheduler => new Scheduler(queue, harts, quantum, team);
  const scheduler = schedulerFor('exact');
  stop = () => {
    scheduler.stop('finished');
  };
  for (const hart of harts) hart.reset(BigInt(RAM_BASE));
  const [hart] = harts;
  if (hart === undefined) throw new Error('a machine without harts');
  return {
    harts,
    hart,
    bus,
    queue,
    scheduler,
    schedulerFor,
    memory,
    finished: () => finished,
    load: (text, base = RAM_BASE) => {
      const assembly = assemble(text, { base, symbols: { FINISHER } });
      memory.load(base, assembly.bytes);
      return assembly;
    },
    run: (cycles = 1_000_000) => {
      scheduler.run(queue.now + cycles);
      for (const { id, account } of harts) {
        if (!account.isBalanced)
          throw new Error(`the cycle tree of hart ${String(id)} is not even`);
      }
    },
  };
}
