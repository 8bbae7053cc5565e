import test from 'ava';
import { Cause } from '../../hw/isa/index.ts';
import { readIsaString } from '../../platforms/isa-string.ts';
import { runProgram } from './machine.ts';

function extensionsOf(text: string): string[] {
  const reading = readIsaString(text);
  return 'extensions' in reading ? [...reading.extensions].sort() : [reading.problem];
}

const base = ['a', 'i', 'm', 's', 'zicsr'];

test('a name selects its extension and no other', (t) => {
  t.deepEqual(extensionsOf('rv64ima_zicsr'), base);
  for (const name of ['zba', 'zbb', 'zbs', 'zifencei', 'h']) {
    t.deepEqual(extensionsOf(`rv64ima_zicsr_${name}`), [...base, name].sort());
  }
});

test('B is Zba, Zbb and Zbs', (t) => {
  t.deepEqual(extensionsOf('rv64imab_zicsr'), extensionsOf('rv64ima_zicsr_zba_zbb_zbs'));
});

test('D brings F', (t) => {
  t.deepEqual(extensionsOf('rv64imad_zicsr'), extensionsOf('rv64imafd_zicsr'));
  t.deepEqual(extensionsOf('rv64imaf_zicsr'), [...base, 'f'].sort());
});

test('G is IMAFD with Zicsr and Zifencei', (t) => {
  t.deepEqual(extensionsOf('rv64gc'), extensionsOf('rv64imafdc_zicsr_zifencei'));
});

test('hints and the counters that every hart has are accepted and select nothing', (t) => {
  t.deepEqual(extensionsOf('rv64ima_zicsr_zicntr_zihintntl_zihintpause'), base);
});

test('a name that objects have is no extension', (t) => {
  t.regex(extensionsOf('rv64ima_zicsr_constructor')[0] ?? '', /'constructor' is not implemented/);
});

test('a hart executes what its ISA string selects; the rest is an illegal instruction', (t) => {
  const source = `
    la t0, end
    csrw mtvec, t0
    li s0, 0xf0
    csrr s2, misa
    pause
    ntl.all
    clz s1, s0
    end: csrr s3, mcause
    wfi`;
  const registersWith = (isa: string): BigUint64Array => {
    const overlay = `harts: { isa: ${isa} }\n`;
    const state = runProgram(source, 'duvisor-1hart', overlay).machine.harts[0]?.state;
    if (state === undefined) throw new Error('there is no hart');
    return state.x;
  };
  const MISA_B = 2n;
  const [S1, S2, S3] = [9, 18, 19] as const;
  const without = registersWith('rv64ima_zicsr_zifencei_h');
  t.is(without[S3], BigInt(Cause.illegalInstruction));
  t.is((without[S2] ?? 0n) & MISA_B, 0n);
  const withPart = registersWith('rv64ima_zicsr_zifencei_zbb_h');
  t.deepEqual([withPart[S1], withPart[S3]], [56n, 0n]);
  t.is((withPart[S2] ?? 0n) & MISA_B, 0n);
  const withAll = registersWith('rv64imab_zicsr_zifencei_h');
  t.deepEqual([withAll[S1], withAll[S3]], [56n, 0n]);
  t.is((withAll[S2] ?? 0n) & MISA_B, MISA_B);
});
