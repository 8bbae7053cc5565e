import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { MachineMemory, wasmPageBytes } from '../../../../hw/kernel/index.ts';
import {
  type CoreMemory,
  LINE_BYTES,
  MemoryModel,
  memoryModelBytes,
  packetOf,
  StateArea,
  WalkTrace,
} from '../../../../hw/timing/index.ts';
import { Code, compile, instantiate, ModuleWriter, Terms } from '../../../../hw/wasm/index.ts';
import { cases } from '../../../harness/cases.ts';
import { rocketMemory } from './rocket.ts';

// The oracle is the model itself, whose counts are held against the RTL elsewhere: what the code does must leave the same bytes.
const PAGE = 4096;
/** Pages from here on are larger ones. */
const LARGE = 512;
const MISSED = -1;
/** Accesses that bring a line without the model, in all programs together. */
const LEAST_DIRECT = 300;
const AREA = 'caches';
const BASE = 0x8000_0000;
const LINES = BASE / LINE_BYTES;

/** Caches so small that everything happens to them soon. */
const tiny = ['dataCacheSets=2', 'dataCacheWays=2', 'l2Sets=4', 'l2Ways=4', 'tlbEntries=8'];
const settings = [...tiny, 'instructionCacheSets=2', 'instructionCacheWays=2'].map(
  (setting) => `harts.timing.memory.parameters.${setting}`,
);

interface Access {
  readonly hart: number;
  readonly kind: 'access' | 'fetch' | 'translate' | 'flush';
  readonly line: number;
  readonly page: number;
  readonly isTranslated: boolean;
  readonly isVirtual: boolean;
  readonly isWrite: boolean;
  readonly straddles: boolean;
  /** Cycles since the access before. */
  readonly gap: number;
}

const access = (harts: number): fc.Arbitrary<Access> =>
  fc.record({
    hart: fc.nat(harts - 1),
    kind: fc.constantFrom('access', 'access', 'access', 'access', 'fetch', 'translate', 'flush'),
    line: fc.oneof(fc.nat(9), fc.nat(40)),
    page: fc.oneof(fc.nat(6), fc.constantFrom(LARGE, 2 ** 40, 2 ** 52 - 1)),
    isTranslated: fc.boolean(),
    isVirtual: fc.boolean(),
    isWrite: fc.boolean(),
    straddles: fc.boolean(),
    gap: fc.oneof(fc.nat(3), fc.nat(200)),
  });

/** A model of caches, and the function (hart, low and high half of the address, flags, line, packet, time) that is its code. */
class Subject {
  readonly memory: MachineMemory;
  readonly model: MemoryModel;
  readonly left: number[] = [];

  constructor(harts: number, set: readonly string[]) {
    const timing = rocketMemory([...settings, ...set]);
    this.memory = new MachineMemory([
      { name: 'guests', bytes: wasmPageBytes },
      { name: AREA, bytes: memoryModelBytes(timing, harts) },
    ]);
    const { offset } = this.memory.area(AREA);
    this.model = new MemoryModel(timing, harts, new StateArea(this.memory.buffer, offset));
    for (const core of this.model.cores) {
      core.reset();
      core.data.onLeave = (place) => {
        this.left.push(place);
      };
    }
  }

  get bytes(): Uint8Array {
    const { offset, bytes } = this.memory.area(AREA);
    return this.memory.bytes.subarray(offset, offset + bytes);
  }

  /** The code of the model; the last places that it tells of are noted in `left`. */
  code(): (access: Access, time: number) => number {
    const { accessCode } = this.model;
    if (accessCode === undefined) throw new Error('there is no code');
    const code = new Code(['i32', 'i32', 'i32', 'i32', 'f64', 'f64', 'f64']);
    const terms = new Terms(code);
    const { get, i32, i64, f64, op, float, fix } = terms;
    const flag = (bit: number) => op('i32.and', op('i32.shr_u', get(3), i32(bit)), i32(1));
    const module = new ModuleWriter();
    module.importMemory('memory', this.memory.buffer.byteLength / wasmPageBytes);
    const leave = module.importFunction('leave', { parameters: ['i32'], results: ['i32'] });
    const low = op('i32.wrap_i64', float('i64.trunc_f64_s', get(4)));
    const miss = code.block();
    const high = op('i64.shl', op('i64.extend_i32_u', get(2)), i64(32n));
    const { until } = accessCode.emit({
      ...{ terms, hart: get(0), miss, packet: get(5), time: get(6) },
      address: fix('i64', op('i64.or', high, op('i64.extend_i32_u', get(1)))),
      line: { number: get(4), low: fix('i32', low) },
      isWrite: flag(0),
      straddles: flag(1),
      isTranslated: flag(2),
      isVirtual: flag(3),
      leave: (place) => {
        terms.call(leave, place)();
        code.drop();
      },
    });
    terms.return(until);
    code.end();
    f64(MISSED)();
    module.addFunction(code, ['f64'], 'access');
    const { access: run } = instantiate(compile(module.toBytes()), {
      memory: this.memory.memory,
      leave: (place = 0) => this.left.push(place),
    });
    return ({ hart, page, line, isWrite, straddles, isTranslated, isVirtual }, time) => {
      const flags = [isWrite, straddles, isTranslated, isVirtual].map(Number);
      const word = flags.reduce((sum, bit, index) => sum | (bit << index), 0);
      const [upper, lower] = [Math.floor(page / 2 ** 20), (page * PAGE) % 2 ** 32];
      return run?.(hart, lower, upper, word, LINES + line, packetOf(time), time) ?? MISSED;
    };
  }
}

/** What `MemoryTiming.accessAt` does. */
function accessOf(core: CoreMemory, of: Access, time: number): number {
  const { isWrite, line, straddles, page, isVirtual } = of;
  const kind = isWrite ? 'write' : 'read';
  const until = core.access((LINES + line) * LINE_BYTES, kind, straddles, time);
  if (until === time) return until;
  if (!straddles) core.replay(packetOf(time), time, until);
  if (of.isTranslated) core.findsDataPage(page, isVirtual);
  return until;
}

function translate(core: CoreMemory, { page, isVirtual }: Access): void {
  const trace = new WalkTrace();
  const shift = page < LARGE ? 12 : 21;
  Object.assign(trace, { hasStage1: true, shift, isVirtual });
  core.translations.data.fill(page, trace);
}

/** Does everything to two models, on one of them as code where there is; how many lines that brought. */
function compare(t: ExecutionContext, harts: number, accesses: readonly Access[]): number {
  const [plain, coded] = [new Subject(harts, []), new Subject(harts, [])];
  const run = coded.code();
  let time = 1000;
  let direct = 0;
  for (const of of accesses) {
    time += of.gap;
    const [expected, core] = [plain, coded].map(({ model }) => model.cores[of.hart]);
    if (expected === undefined || core === undefined) throw new Error('no such core');
    // Whoever asks knows that the TLB has the page.
    const isKnown = expected.translations.data.has(of.page, of.isVirtual);
    const isAccess = of.kind === 'access' && (!of.isTranslated || isKnown);
    if (isAccess) {
      const until = accessOf(expected, of, time);
      const done = run(of, time);
      if (done === MISSED) accessOf(core, of, time);
      else {
        t.is(done, until);
        if (done > time) direct += 1;
      }
    } else {
      for (const each of [expected, core]) {
        if (of.kind === 'fetch') each.fetch((LINES + of.line) * LINE_BYTES, false, time);
        else if (of.kind === 'translate') translate(each, of);
        else if (of.kind === 'flush') each.giveUp((LINES + of.line) * LINE_BYTES, of.isWrite, time);
      }
    }
    if (Buffer.compare(coded.bytes, plain.bytes) !== 0) t.deepEqual(coded.bytes, plain.bytes);
    t.deepEqual(coded.left, plain.left);
  }
  return direct;
}

for (const harts of [1, 2]) {
  test(`code for accesses of ${String(harts)} harts does what the model does`, (t) => {
    let direct = 0;
    const property = fc.property(
      fc.array(access(harts), { minLength: 100, maxLength: 120 }),
      (accesses) => {
        direct += compare(t, harts, accesses);
      },
    );
    fc.assert(property, cases(100, 3));
    // Else the code would say nothing.
    t.true(direct > LEAST_DIRECT);
  });
}
