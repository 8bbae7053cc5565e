import test from 'ava';
import fc from 'fast-check';
import { directCsr, directCsrs } from '../../../hw/engine/index.ts';
import { DIRECT_CSRS_BYTES, DirectCsrs } from '../../../hw/hart/direct-csrs.ts';
import { type DvProfile, modes, writeFlushes } from '../../../hw/isa/index.ts';
import { cases } from '../../harness/cases.ts';
import { CsrBench } from './csr-bench.ts';

const EVERY_BIT = (1n << 64n) - 1n;
const profiles = ['none', 'paper', 'rtl', 'qemu'] as const satisfies DvProfile[];
const guarding = ['mstatus', 'vsstatus', 'hstatus', 'menvcfg', 'henvcfg', 'mcounteren'];
const values = fc.oneof(fc.constantFrom(0n, EVERY_BIT), fc.bigInt({ min: 0n, max: EVERY_BIT }));

/** The tables of a bench, in a buffer that begins with the hart's state. */
function tablesOf({ state, csrs }: CsrBench) {
  const offset = 0;
  const buffer = new ArrayBuffer(DIRECT_CSRS_BYTES);
  const direct = new DirectCsrs({ state, csrs, buffer, offset });
  const view = new DataView(buffer);
  return {
    settle: (): void => {
      direct.settle();
    },
    record: (number: number) => {
      const start = direct.table + number * directCsr.bytes;
      return {
        shown: view.getBigUint64(start + directCsr.shown, true),
        free: view.getBigUint64(start + directCsr.free, true),
        readable: view.getUint32(start + directCsr.readable, true),
        writable: view.getUint32(start + directCsr.writable, true),
      };
    },
  };
}

const access = fc.record({
  number: fc.nat({ max: directCsrs.length - 1 }),
  mode: fc.constantFrom(...modes),
  guards: fc.array(fc.tuple(fc.constantFrom(...guarding), values), { maxLength: 2 }),
  held: values,
  operand: values,
  write: fc.constantFrom('none', 'write', 'set', 'clear'),
});

test('a record says what an access to the CSR does', (t) => {
  const property = fc.property(
    fc.constantFrom(...profiles),
    fc.array(access, { minLength: 1, maxLength: 40 }),
    (profile, accesses) => {
      const bench = new CsrBench({ profile, features: { extensions: 'imafdsuh' } });
      const tables = tablesOf(bench);
      for (const { number, mode, guards, held, operand, write } of accesses) {
        const csr = directCsrs[number];
        if (csr === undefined) return;
        bench.csrs.write(csr, held);
        bench.write(Object.fromEntries(guards));
        bench.mode = mode;
        tables.settle();
        const { shown, free, readable, writable } = tables.record(number);
        const place = write === 'none' ? readable : writable;
        const before = bench.state.csr.slice();
        bench.effects.length = 0;
        const result = bench.access(csr.address, write, operand);
        if (typeof result !== 'bigint') {
          t.is(place, 0, csr.name);
          continue;
        }
        if (place === 0) continue;
        const slot = (place - bench.state.csr.byteOffset) / 8;
        const old = before[slot] ?? 0n;
        t.is(result, old & shown, csr.name);
        if (write === 'write') before[slot] = operand & free;
        if (write === 'set') before[slot] = (old | operand) & free;
        if (write === 'clear') before[slot] = old & ~operand & free;
        t.deepEqual(bench.state.csr, before, csr.name);
        if (write === 'none') continue;
        t.deepEqual(bench.effects, []);
        t.false(writeFlushes(csr.address));
      }
    },
  );
  fc.assert(property, cases(100, 4));
  t.pass();
});

test('trap registers and status are direct where they are allowed', (t) => {
  const bench = new CsrBench();
  const tables = tablesOf(bench);
  const isDirect = (name: string): readonly [boolean, boolean] => {
    tables.settle();
    const { readable, writable } = tables.record(directCsrs.findIndex((csr) => csr.name === name));
    return [readable !== 0, writable !== 0];
  };
  bench.mode = 'HS';
  t.deepEqual(isDirect('sepc'), [true, true]);
  t.deepEqual(isDirect('sstatus'), [true, false]);
  t.deepEqual(isDirect('mepc'), [false, false]);
  bench.mode = 'VS';
  t.deepEqual(isDirect('sscratch'), [true, true]);
  t.deepEqual(isDirect('vsscratch'), [false, false]);
  bench.mode = 'U';
  t.deepEqual(isDirect('uepc'), [false, false]);
  bench.setFields({ 'hstatus.hu': 1n });
  t.deepEqual(isDirect('uepc'), [true, true]);
});
