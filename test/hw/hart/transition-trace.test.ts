import test from 'ava';
import fc from 'fast-check';
import type { ReturnInstruction } from '../../../hw/engine/index.ts';
import { environmentCall } from '../../../hw/hart/system-unit.ts';
import { MoveTrace } from '../../../hw/hart/transitions/move-trace.ts';
import { TracedRegisterPort, TracedWires } from '../../../hw/hart/transitions/traced-wires.ts';
import { pcPort } from '../../../hw/hart/trap-level.ts';
import { TrapUnit } from '../../../hw/hart/trap-unit.ts';
import type { DvProfile, Mode } from '../../../hw/isa/index.ts';
import { cases } from '../../harness/cases.ts';
import { CsrBench, exception } from './csr-bench.ts';

const profiles = ['none', 'paper', 'rtl', 'qemu'] as const satisfies DvProfile[];
const transfers = ['ecall', 'mret', 'sret', 'huret'] as const;
/** The CSRs that traps and returns look at or change. */
const involved = [
  ...['mstatus', 'hstatus', 'vsstatus', 'medeleg', 'hedeleg'],
  ...['mepc', 'mcause', 'mtval', 'mtvec', 'mtval2', 'mtinst'],
  ...['sepc', 'scause', 'stval', 'stvec', 'htval', 'htinst'],
  ...['vsepc', 'vscause', 'vstval', 'vstvec'],
] as const;
const handlers = ['hustatus', 'sedeleg', 'uepc', 'ucause', 'utval', 'utvec', 'hutval'] as const;

const word = fc.oneof(
  fc.constantFrom(0n, (1n << 64n) - 1n),
  fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
);
const situation = fc.record({
  pc: fc.bigInt({ min: 0n, max: (1n << 62n) - 1n }).map((address) => address * 4n),
  values: fc.array(word, {
    minLength: involved.length + handlers.length,
    maxLength: involved.length + handlers.length,
  }),
});

function enter(
  bench: CsrBench,
  mode: Mode,
  { pc, values }: { readonly pc: bigint; readonly values: readonly bigint[] },
): void {
  const names = bench.rules === undefined ? involved : [...involved, ...handlers];
  for (const [index, name] of names.entries()) bench.write({ [name]: values[index] ?? 0n });
  bench.mode = mode;
  bench.state.pc = pc;
}

/** A bench, and a trap unit on it of which a trace is kept. */
function tracedBench(profile: DvProfile) {
  const bench = new CsrBench({ profile });
  const { state, csrs, rules } = bench;
  const trace = new MoveTrace(state.x.buffer);
  const pc = new TracedRegisterPort(pcPort(state).place, trace);
  const traced = new TrapUnit({ state, csrs: new TracedWires(csrs, trace), rules, pc });
  return { bench, trace, traced, words: new BigUint64Array(state.x.buffer) };
}

function transfer(unit: TrapUnit, mode: Mode, name: 'ecall' | ReturnInstruction): void {
  if (name === 'ecall') unit.enter(exception(environmentCall(mode)));
  else unit.returnFrom(name);
}

test('what a trap or a return was seen to do, it does wherever its conditions hold', (t) => {
  let held = 0;
  const benches = profiles.map(tracedBench);
  const property = fc.property(
    fc.constantFrom(...benches),
    fc.constantFrom<Mode[]>('M', 'HS', 'U', 'VS', 'VU'),
    fc.constantFrom(...transfers),
    situation,
    situation,
    ({ bench, trace, traced, words }, mode, name, first, second) => {
      if (name === 'huret' && bench.rules === undefined) return;
      enter(bench, mode, first);
      trace.clear();
      transfer(traced, mode, name);
      const reached = bench.mode;
      enter(bench, mode, second);
      // Bits of status and delegation may be had as they are.
      for (const { address, mask, value } of trace.guards) {
        words[address / 8] = ((words[address / 8] ?? 0n) & ~mask) | value;
      }
      const before = bench.snapshot();
      transfer(bench.traps, mode, name);
      const expected = bench.snapshot();
      t.is(expected.mode, reached);
      bench.restore(before);
      for (const { to, from, kept, set, taken, rotation } of trace.moves) {
        const moved = (words[from / 8] ?? 0n) & taken;
        const up = BigInt(rotation);
        const rotated = BigInt.asUintN(64, (moved << up) | (moved >> (64n - up)));
        words[to / 8] = ((words[to / 8] ?? 0n) & kept) | set | rotated;
      }
      t.deepEqual(bench.snapshot(), { ...expected, mode });
      held += 1;
    },
  );
  fc.assert(property, cases(400, 5));
  t.true(held > 300);
});

test('fields that are copied are no condition', (t) => {
  const { bench, trace, traced } = tracedBench('paper');
  bench.mode = 'M';
  traced.enter(exception(11));
  t.deepEqual(trace.guards, []);
  trace.clear();
  traced.returnFrom('mret');
  // MPP and, M being the level that is returned to, not even MPV.
  t.deepEqual(
    trace.guards.map(({ mask }) => mask),
    [3n << 11n],
  );
});
