import type { CompiledCode } from '../hw/engine/index.ts';
import {
  codeArea,
  codeMemoryBytes,
  CodeWords,
  compiledCodeFor,
  Hart,
  HartTeam,
  hartMemoryBytes,
  pathArea,
  Reservations,
} from '../hw/hart/index.ts';
import { guestTimerMap, PAGE_BYTES } from '../hw/isa/index.ts';
import { Circuit, EventQueue, line, MachineMemory, Scheduler, Signal } from '../hw/kernel/index.ts';
import { Bus, Memory, memoryKinds } from '../hw/memory/index.ts';
import type { MemoryModel, TimingParameters } from '../hw/timing/index.ts';
import { deviceKind, deviceOptions, isMapped } from './device-kinds.ts';
import { featuresOf, selectionOf } from './hart-features.ts';
import type { HartInput } from './hart-ports.ts';
import { Machine, type StopReason } from './machine.ts';
import type { Platform } from './platform.ts';
import { postedUnitOf } from './posted-unit.ts';
import { elaborateTimeBase, type TimeBase } from './time-base.ts';
import { timeSource, type TimeSource } from './time-source.ts';
import { hasCaches, memoryModelAreas, memoryModelOf, timingOf } from './timing-model.ts';
import type { Wire } from './wiring.ts';

/** Everything of a machine that its harts are built into. */
interface Surroundings {
  readonly platform: Platform;
  readonly queue: EventQueue;
  readonly clocks: TimeBase;
  readonly memory: MachineMemory;
  readonly bus: Bus;
  readonly circuit: Circuit;
}

/** Builds a machine from its description: every block, every wire, nothing loaded and nothing run. */
export function elaborate(platform: Platform): Machine {
  const queue = new EventQueue();
  const clocks = elaborateTimeBase(platform, queue);
  const timing = timingOf(platform);
  const memory = new MachineMemory(areasOf(platform, timing));
  const bus = new Bus();
  const guestTimers = new Bus();
  const circuit = new Circuit({
    queue,
    clock: clocks.core,
    clocks: { core: clocks.core, rtc: clocks.rtc },
    buses: { memory: bus, guestTimers },
  });
  const surroundings = { platform, queue, clocks, memory, bus, circuit };
  const memories = mapMemories(surroundings);
  addDevices(surroundings);
  const caches = memoryModelOf(platform, memory);
  const compiled = compiledFor(surroundings, timing, caches);
  const harts = makeHarts(surroundings, { timing, compiled, caches });
  wireHarts(surroundings, harts);
  for (const { id, guestTimer } of harts) {
    guestTimers.mapDevice(id * guestTimerMap.bytes, guestTimer);
  }
  const { quantum } = platform;
  const scheduler = new Scheduler<StopReason>(
    queue,
    harts,
    quantum === 'exact' ? quantum : quantum * clocks.core.period,
    compiled && teamOf(compiled, harts, clocks.core.period),
  );
  circuit.start();
  const keepUntranslated = compiled && keeperIn(compiled, bus);
  return new Machine({
    platform,
    scheduler,
    clocks,
    circuit,
    bus,
    memories,
    harts,
    caches,
    memory,
    stateAreas: stateAreasOf(platform),
    keepUntranslated,
  });
}

const hartArea = (hart: number): string => `hart.${String(hart)}`;

function areasOf(platform: Platform, timing: TimingParameters) {
  const bytes = hartMemoryBytes(timing);
  const harts = Array.from({ length: platform.harts.count }, (_, hart) => ({
    name: hartArea(hart),
    bytes,
  }));
  const memories = Object.entries(platform.memory).map(([name, { size }]) => ({
    name,
    bytes: size,
  }));
  const caches = hasCaches(platform) ? memoryModelAreas(platform) : [];
  const code = { name: codeArea, bytes: codeMemoryBytes({ selection: selectionOf(platform) }) };
  const isGenerated = engineOf(platform) !== 'oracle';
  const paths = remembers(platform) ? harts.map((_, hart) => pathArea(hart)) : [];
  return [...harts, ...caches, ...paths, ...(isGenerated ? [code] : []), ...memories];
}

/** Areas of memory of which every byte is state; harts know their own, and code is what generated code is made from. */
function stateAreasOf(platform: Platform): readonly string[] {
  const models = hasCaches(platform) ? memoryModelAreas(platform).map(({ name }) => name) : [];
  return [...models, ...Object.keys(platform.memory)];
}

/** Whether cores in stages remember where they have been; the oracle goes through every stage again. */
function remembers({ engine, harts }: Platform): boolean {
  return harts.pipeline === 'stages' && engine !== 'oracle';
}

/** Which engine a platform means. */
function engineOf({ engine }: Platform): Exclude<Platform['engine'], 'auto'> {
  return engine === 'auto' ? 'translator' : engine;
}

function mapMemories({ platform, memory, bus }: Surroundings): Memory[] {
  return Object.entries(platform.memory).map(([name, { kind, at }]) => {
    const definition = memoryKinds.find((candidate) => candidate.kind === kind);
    if (definition === undefined) throw new Error(`no memory kind '${kind}'`);
    const instance = new Memory(definition, {
      name,
      base: at,
      machine: memory,
      area: memory.area(name),
    });
    bus.mapMemory(instance);
    return instance;
  });
}

function addDevices({ platform, circuit, bus }: Surroundings): void {
  const facts = { hartCount: platform.harts.count };
  for (const [name, declared] of Object.entries(platform.devices)) {
    const definition = deviceKind(declared.kind);
    const declaredOptions = { ...declared } as Readonly<Record<string, unknown>>;
    const options = deviceOptions(definition, declaredOptions, facts);
    const component = circuit.add(name, definition, definition.options?.parse(options));
    if (isMapped(definition)) bus.mapDevice(Number(declaredOptions['at']), component);
  }
  for (const { input, driver } of platform.wires) {
    if (!isHartInput(input)) wireDevice(circuit, { input, driver });
  }
}

function wireDevice(circuit: Circuit, { input, driver }: Wire): void {
  const level = constantLevel(driver);
  if (level === undefined) {
    circuit.wire(input, driver);
    return;
  }
  const [name = '', ...port] = input.split('.');
  const constant = new Signal(driver, { ...line, initial: level });
  circuit.component(name).wire(port.join('.'), constant as Signal);
}

function compiledFor(
  { platform, memory }: Surroundings,
  timing: TimingParameters,
  caches: MemoryModel | undefined,
): CompiledCode | undefined {
  const engine = engineOf(platform);
  if (engine === 'oracle') return undefined;
  const { pipeline } = platform.harts;
  const selection = selectionOf(platform);
  return compiledCodeFor({ selection, timing, pipeline, caches }, memory, engine);
}

function teamOf(
  compiled: CompiledCode,
  harts: readonly Hart[],
  ticksPerCycle: number,
): HartTeam | undefined {
  const turns = harts.flatMap((hart) => hart.turns ?? []);
  return turns.length > 1 ? new HartTeam(compiled, turns, ticksPerCycle) : undefined;
}

function keeperIn({ pages }: CompiledCode, bus: Bus): (address: number) => void {
  return (address) => {
    const window = bus.ram(address);
    if (window === undefined) return;
    const inPage = address % PAGE_BYTES;
    pages.keepUntranslated(window.offset + address - window.base - inPage, inPage);
  };
}

/** What the harts of a machine have in common. */
interface HartParts {
  readonly timing: TimingParameters;
  readonly compiled: CompiledCode | undefined;
  readonly caches: MemoryModel | undefined;
}

function makeHarts(
  surroundings: Surroundings,
  { timing, compiled, caches: model }: HartParts,
): Hart[] {
  const { platform, queue, clocks, memory, bus, circuit } = surroundings;
  const reservations = new Reservations();
  const selection = selectionOf(platform);
  const codeWords = remembers(platform) ? new CodeWords(memory.buffer.byteLength) : undefined;
  bus.listenToWrites((address, bytes) => {
    if (reservations.anyHeld) reservations.stored(BigInt(address), bytes);
    const window = (compiled ?? codeWords) && bus.ram(address);
    if (window === undefined) return;
    const offset = window.offset + address - window.base;
    compiled?.pages.written(offset, bytes);
    codeWords?.written(offset, bytes);
  });
  const { dvExt, misaligned, pipeline, environmentCallsRetire } = platform.harts;
  return Array.from({ length: platform.harts.count }, (_, id) => {
    const features = featuresOf(platform, id);
    const { timeAt, tickOf } = hartTime(circuit, platform.wires, { id, clocks, queue });
    return new Hart(
      {
        features,
        selection,
        dvExt,
        timing,
        misaligned,
        pipeline,
        environmentCallsRetire,
        ticksPerCycle: clocks.core.period,
      },
      {
        memory,
        memoryOffset: memory.area(hartArea(id)).offset,
        bus,
        reservations,
        compiled,
        codeWords,
        paths: remembers(platform) ? memory.area(pathArea(id).name) : undefined,
        core: model?.cores[id],
        posted: postedUnitOf(platform, id),
        timeAt,
        tickOf,
        queue,
      },
    );
  });
}

interface HartClock {
  readonly id: number;
  readonly clocks: TimeBase;
  readonly queue: EventQueue;
}

function hartTime(
  circuit: Circuit,
  wires: readonly Wire[],
  { id, clocks, queue }: HartClock,
): TimeSource {
  const driver = wires.find(({ input }) => input === `hart.${String(id)}.time`)?.driver ?? '';
  const [name = '', port = ''] = driver.split('.');
  const component = circuit.component(name);
  return timeSource(() => component.sample(port) as bigint, clocks.rtc, queue);
}

function wireHarts({ platform, circuit }: Surroundings, harts: readonly Hart[]): void {
  for (const { input, driver } of platform.wires) {
    const [, id, port] = input.split('.');
    const hart = harts[Number(id)];
    if (!isHartInput(input) || hart === undefined || port === 'time') continue;
    if (port === 'posted') {
      wirePosted(circuit, driver, hart);
      continue;
    }
    const name = port as Exclude<HartInput, 'posted' | 'time'>;
    const level = constantLevel(driver);
    if (level !== undefined) {
      hart.tieLine(name, level);
      continue;
    }
    circuit.output(driver).connect((value, tick) => {
      hart.setLine(name, value === true, tick);
      hart.wake(tick);
    });
  }
}

function wirePosted(circuit: Circuit, driver: string, hart: Hart): void {
  circuit.output(driver).connect((value, tick) => {
    if (value === true) hart.takeVirtualIpi(tick);
  });
}

function isHartInput(input: string): boolean {
  return input.startsWith('hart.');
}

function constantLevel(driver: string): boolean | undefined {
  if (driver === 'high') return true;
  return driver === 'low' ? false : undefined;
}
