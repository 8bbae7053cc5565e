import fc from 'fast-check';
import type { DvOverrides } from '../../../hw/dv-ext/index.ts';
import { type Hart, hartFacts, trapText } from '../../../hw/hart/index.ts';
import {
  type DvProfile,
  hedeleg,
  medeleg,
  mepc,
  mtvec,
  Pte,
  sedeleg,
  sepc,
  stvec,
  uepc,
  utvec,
  vsepc,
  vstvec,
} from '../../../hw/isa/index.ts';
import {
  openProtection,
  RAM_BASE,
  testMachine,
  type TestMachine,
  type TestMachineOptions,
} from '../../hw/hart/machine.ts';
import { type EngineName, engines } from '../engines.ts';
import { type Item, render, weighted } from './item.ts';

/**
 * Programs of hardly anything but calls, returns and writes to the CSRs that decide about them. Every vector and every return
 * address leads somewhere into the program, in whatever mode that is then; at its end the program begins anew.
 */
export interface TrapMix {
  readonly text: string;
  readonly profile: DvProfile;
  readonly knobs: DvOverrides;
  readonly options: Pick<
    TestMachineOptions,
    'compressed' | 'float' | 'environmentCallsRetire' | 'hartCount'
  >;
  /** Ticks at which interrupt lines change. */
  readonly pulses: readonly number[];
}

const BLOCKS = 24;
const DATA = RAM_BASE + 0x10_0000;
/** Roots whose pages belong to supervisor modes, to user modes, and those of stage 2. */
const roots = { supervisor: 0x20_0000, user: 0x20_1000, guest: 0x20_4000 } as const;
const SV39 = 8n << 60n;

const label = fc.nat({ max: BLOCKS - 1 }).map((block) => `block${String(block)}`);
/** Levels with their instruction, as their own mode names the registers; S is VS too. */
const levels = { m: 'mret', s: 'sret', u: 'huret' } as const;
type Level = keyof typeof levels;
const level = fc.constantFrom<Level[]>('m', 's', 's', 'u');
/** Handlers of a level. */
const HANDLERS = 2;

function rootAt(offset: number): bigint {
  return SV39 | (BigInt(RAM_BASE + offset) >> 12n);
}

/** Sets the vector of a level, mostly to one of its handlers, or where it returns to. */
const aim: fc.Arbitrary<Item> = fc
  .tuple(
    fc.constantFrom('m', 's', 'vs', 'u'),
    fc.constantFrom('epc', 'tvec', 'tvec'),
    fc.nat({ max: HANDLERS - 1 }),
    label,
    fc.nat({ max: 9 }),
  )
  .map(([of, name, handler, block, choice]) => {
    const isHandler = name === 'tvec' && choice > 0;
    const to = isHandler ? `${of === 'vs' ? 's' : of}handler${String(handler)}` : block;
    return [`la t0, ${to}`, `csrw ${of}${name}, t0`];
  });

/** Sets the fields that say which mode a level returns to. */
function choose(of: Level, privilege: number, virtual: boolean): Item {
  const put = (csr: string, mask: bigint, value: bigint): Item => [
    ...[`li t0, ${String(mask)}`, `csrc ${csr}, t0`],
    ...[`li t0, ${String(value)}`, `csrs ${csr}, t0`],
  ];
  const supervisor = privilege > 0 ? 1n << 8n : 0n;
  const v = virtual ? 1n : 0n;
  if (of === 'm') {
    return put('mstatus', (3n << 11n) | (1n << 39n), (BigInt(privilege) << 11n) | (v << 39n));
  }
  if (of === 'u') return put('hustatus', 3n << 7n, (v << 7n) | supervisor);
  return [put('sstatus', 1n << 8n, supervisor), put('hstatus', 1n << 7n, v << 7n)];
}

/** Returns, to an address and a mode that somebody may have set. */
const comeBack: fc.Arbitrary<Item> = fc
  .tuple(level, label, fc.boolean(), fc.constantFrom(0, 1, 1, 3), fc.boolean(), fc.boolean())
  .map(([of, to, isAimed, privilege, virtual, isChosen]) => [
    isAimed ? [`la t0, ${to}`, `csrw ${of}epc, t0`] : [],
    isChosen ? choose(of, privilege, virtual) : [],
    levels[of],
  ]);

/** Goes on behind the instruction that trapped, as handlers do. */
function resume(of: Level): Item {
  return [`csrr t0, ${of}epc`, 'addi t0, t0, 4', `csrw ${of}epc, t0`, levels[of]];
}

const bits = {
  // SIE, MIE, SPIE, MPIE, SPP, MPP, FS, MPRV, SUM, MXR, TVM, TW, TSR, GVA, MPV.
  mstatus: [1, 3, 5, 7, 8, 11, 12, 13, 14, 17, 18, 19, 20, 21, 22, 38, 39],
  sstatus: [1, 5, 8, 18, 19],
  vsstatus: [1, 5, 8, 13, 14, 18, 19],
  // GVA, SPV, SPVP, HU, VTVM, VTW, VTSR.
  hstatus: [6, 7, 8, 9, 20, 21, 22],
  hustatus: [0, 4, 6, 7, 8],
  medeleg: [2, 3, 8, 9, 10],
  hedeleg: [2, 3, 8],
  sedeleg: [2, 8, 10],
  mideleg: [1, 2, 5, 9],
  hideleg: [2, 6],
  sideleg: [1, 2],
  mie: [1, 2, 3, 5, 7],
  mip: [1, 2, 5],
  hvip: [2, 6],
} as const;

const flip: fc.Arbitrary<Item> = fc
  .constantFrom(...(Object.keys(bits) as (keyof typeof bits)[]))
  .chain((csr) => {
    const bit = fc.constantFrom<number[]>(...bits[csr]);
    return fc.tuple(fc.constantFrom('csrs', 'csrc'), bit).map(([name, place]) => {
      return ['li t0, 1', `slli t0, t0, ${String(place)}`, `${name} ${csr}, t0`];
    });
  });

const translation: fc.Arbitrary<Item> = fc
  .tuple(
    fc.constantFrom('satp', 'vsatp', 'hgatp'),
    fc.constantFrom('zero', 's4', 's5', 's6'),
    fc.constantFrom('sfence.vma', 'hfence.vvma', 'hfence.gvma', ''),
  )
  .map(([csr, from, fence]) => [`csrw ${csr}, ${from}`, fence]);

const access: fc.Arbitrary<Item> = fc
  .tuple(
    fc.constantFrom('ld a0,', 'sd a1,', 'lw a2,', 'lr.d a3,', 'sd a0,', 'hlv.d a4,'),
    fc.constantFrom('s0', 's1', 's2', 's3'),
    fc.nat({ max: 7 }),
  )
  .map(([name, base, place]) => {
    const isPlain = !name.startsWith('lr') && !name.startsWith('hlv');
    return `${name} ${isPlain ? String(8 * place) : ''}(${base})`;
  });

const look: fc.Arbitrary<Item> = fc
  .constantFrom('cycle', 'instret', 'mcycle', 'minstret', 'scause', 'sepc', 'mstatus', 'ucause')
  .map((csr) => [`csrr t1, ${csr}`, 'add a5, a5, t1']);

const compute: fc.Arbitrary<Item> = fc.constantFrom(
  'add a0, a0, a5',
  'mul a1, a0, a5',
  'xor a5, a5, a0',
  'addi a6, a6, 1',
);

const float: fc.Arbitrary<Item> = fc.constantFrom('fadd.d fa0, fa1, fa2', 'fmul.d fa1, fa0, fa2');

const jump: fc.Arbitrary<Item> = fc
  .tuple(label, fc.constantFrom('j ', 'bnez a6, ', 'beqz a6, '))
  .map(([to, name]) => `${name}${to}`);

function items(hasFloats: boolean, isHandler: boolean): fc.Arbitrary<readonly Item[]> {
  const item = weighted(
    [isHandler ? 0 : 16, fc.constant('ecall')],
    [isHandler ? 0 : 4, comeBack],
    [isHandler ? 0 : 1, level.map(resume)],
    [1, aim],
    [3, flip],
    [1, translation],
    [3, access],
    [2, look],
    [2, compute],
    [1, jump],
    [hasFloats ? 1 : 0, float],
  );
  return fc.array(item, isHandler ? { maxLength: 3 } : { minLength: 1, maxLength: 6 });
}

/** A handler, which may choose the mode that it returns to. */
function handler(hasFloats: boolean, of: Level): fc.Arbitrary<readonly Item[]> {
  return fc
    .tuple(items(hasFloats, true), fc.constantFrom(0, 1, 1, 3), fc.boolean(), fc.nat({ max: 2 }))
    .map(([body, privilege, virtual, choice]) => [
      ...body,
      choice === 0 ? choose(of, privilege, virtual) : [],
      resume(of),
    ]);
}

/** Knobs that change what a trap, a return or an interrupt does. */
const knobs: fc.Arbitrary<DvOverrides> = fc.record(
  {
    exits: fc.constantFrom('any', 'guest-or-user', 'enabled-guest'),
    exitSpvp: fc.constantFrom('overwritten', 'kept'),
    upie: fc.constantFrom('mstatus', 'hustatus'),
    huretPrivilege: fc.constantFrom('previous', 'user'),
    huretSpvp: fc.constantFrom('cleared', 'kept'),
    guestAddress: fc.constantFrom('bit-4-causes', 'every-trap'),
    tinst: fc.constantFrom('on', 'off'),
  },
  { requiredKeys: [] },
);

/** Any such program. */
export const trapMix: fc.Arbitrary<TrapMix> = fc
  .record({ compressed: fc.boolean(), float: fc.boolean(), hartCount: fc.constantFrom(1, 1, 2) })
  .chain((options) => {
    return fc.record({
      text: fc
        .tuple(
          fc.array(items(options.float, false), { minLength: BLOCKS, maxLength: BLOCKS }),
          fc.tuple(
            ...(['m', 's', 'u'] as const).flatMap((of) => {
              return Array.from({ length: HANDLERS }, () => handler(options.float, of));
            }),
          ),
        )
        .map(([blocks, handlers]) => textOf(blocks, handlers)),
      profile: fc.constantFrom<DvProfile[]>('none', 'paper', 'paper', 'rtl', 'qemu'),
      knobs,
      options: fc.boolean().map((environmentCallsRetire) => ({
        ...options,
        environmentCallsRetire,
      })),
      pulses: fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 4 }),
    });
  });

function textOf(
  blocks: readonly (readonly Item[])[],
  handlers: readonly (readonly Item[])[],
): string {
  // Vectors are multiples of 4.
  const place = (name: string, body: readonly Item[]): readonly string[] => [
    ...['.balign 4', `${name}:`],
    ...body.flatMap((item) => render(item, () => 0)),
  ];
  const names = (['m', 's', 'u'] as const).flatMap((of) => {
    return Array.from({ length: HANDLERS }, (_, index) => `${of}handler${String(index)}`);
  });
  return [
    ...blocks.flatMap((body, index) => place(`block${String(index)}`, body)),
    'j block0',
    ...handlers.flatMap((body, index) => place(names[index] ?? '', body)),
  ].join('\n');
}

function mapEverything({ memory }: TestMachine): void {
  const all = Pte.valid | Pte.read | Pte.write | Pte.execute | Pte.accessed | Pte.dirty;
  const leaf = (bits: bigint): Uint8Array => {
    const entry = ((BigInt(RAM_BASE) >> 12n) << 10n) | bits;
    return new Uint8Array(BigUint64Array.of(entry).buffer);
  };
  const place = (RAM_BASE >>> 30) * 8;
  memory.load(RAM_BASE + roots.supervisor + place, leaf(all));
  memory.load(RAM_BASE + roots.user + place, leaf(all | Pte.user));
  memory.load(RAM_BASE + roots.guest + place, leaf(all | Pte.user));
}

/** Every vector and return address leads somewhere from the beginning, and calls are delegated. */
function aimEverything({ csrs }: Hart, labels: ReadonlyMap<string, bigint>): void {
  for (const [csr, name] of [
    [mtvec, 'mhandler0'],
    [stvec, 'shandler0'],
    [vstvec, 'shandler1'],
    [utvec, 'uhandler0'],
    [mepc, 'block5'],
    [sepc, 'block10'],
    [vsepc, 'block15'],
    [uepc, 'block20'],
  ] as const) {
    if (csrs.has(csr)) csrs.write(csr, labels.get(name) ?? 0n);
  }
  for (const csr of [medeleg, hedeleg, sedeleg]) {
    if (csrs.has(csr)) csrs.write(csr, (1n << 64n) - 1n);
  }
}

function prepare({ state, id }: Hart): void {
  const data = BigInt(DATA + id * 0x1000);
  const values = [data, data + 0x2000n, BigInt(DATA), data + 0x4040n];
  for (const [index, value] of values.entries())
    state.x[index < 2 ? 8 + index : 16 + index] = value;
  state.x[20] = rootAt(roots.supervisor);
  state.x[21] = rootAt(roots.user);
  state.x[22] = rootAt(roots.guest);
}

/** Runs a program, and says everything about the machine that no engine may change. */
export function trapMixFacts(
  mix: TrapMix,
  engine: EngineName,
  { ticks, slice = ticks }: { readonly ticks: number; readonly slice?: number },
): ReadonlyMap<string, string> {
  const { text, profile, knobs, options, pulses } = mix;
  const overrides = profile === 'none' ? {} : { knobs };
  const machine = testMachine({ ...options, ...overrides, profile, ...engines[engine].machine });
  mapEverything(machine);
  const { labels } = machine.load(text);
  const facts = new Map<string, string>();
  for (const hart of machine.harts) {
    openProtection(hart);
    prepare(hart);
    aimEverything(hart, labels);
    let count = 0;
    hart.onTrap = (trap) => {
      count += 1;
      if (count < 200) facts.set(`hart ${String(hart.id)} trap ${String(count)}`, trapText(trap));
    };
  }
  for (const [index, tick] of pulses.entries()) {
    machine.queue.at(tick, 0, () => {
      machine.hart.setLine(index % 2 === 0 ? 'mtip' : 'msip', index < 2, tick);
      machine.hart.wake(tick);
    });
  }
  for (let until = slice; until < ticks + slice; until += slice) {
    machine.scheduler.run(Math.min(until, ticks));
  }
  for (const hart of machine.harts) {
    for (const [name, fact] of hartFacts(hart)) facts.set(name, fact);
    const { trapsInARow, selfLoopCount } = hart.status;
    facts.set(`hart ${String(hart.id)} traps in a row`, String(trapsInARow));
    facts.set(`hart ${String(hart.id)} loops`, String(selfLoopCount > 100));
    facts.set(`hart ${String(hart.id)} is even`, String(hart.account.isBalanced));
  }
  const { offset } = machine.memory.window;
  const data = machine.memory.machine.bytes.subarray(offset + 0x10_0000, offset + 0x11_0000);
  facts.set('memory', Buffer.from(data).toString('base64'));
  return facts;
}
