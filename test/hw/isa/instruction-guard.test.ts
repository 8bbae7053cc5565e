import test from 'ava';
import {
  dvProfiles,
  guardOutcome,
  hstatus,
  instructionByName,
  instructions,
  modes,
  mstatus,
  unlessSet,
  type DvProfile,
  type Mode,
  type Refusal,
} from '../../../hw/isa/index.ts';

/** How an instruction is refused in a mode while the named fields are 1 and all others 0. */
function refusal(
  name: string,
  mode: Mode,
  set: readonly string[] = [],
  profile: DvProfile = 'paper',
): Refusal | undefined {
  const row = instructionByName(name);
  if (row === undefined) throw new Error(`no instruction ${name}`);
  return guardOutcome(row.guards[profile], mode, (csr, field) =>
    set.includes(`${csr.name}.${field}`) ? 1n : 0n,
  );
}

const outcome = test.macro<
  [name: string, mode: Mode, set: string[], expected: Refusal | undefined]
>({
  exec: (t, name, mode, set, expected) => {
    t.is(refusal(name, mode, set), expected);
  },
  title: (_, name, mode, set, expected) => {
    const condition = set.length > 0 ? ` with ${set.join(' and ')}` : '';
    const verb =
      expected === undefined ? 'executes' : `raises an ${expected}-instruction exception`;
    return `${name} from ${mode}${condition} ${verb}`;
  },
});

test(outcome, 'mret', 'M', [], undefined);
test(outcome, 'mret', 'HS', [], 'illegal');
test(outcome, 'mret', 'VS', [], 'illegal');
test(outcome, 'mret', 'VU', [], 'illegal');
test(outcome, 'mret', 'U', [], 'illegal');

test(outcome, 'sret', 'M', ['mstatus.tsr'], undefined);
test(outcome, 'sret', 'HS', [], undefined);
test(outcome, 'sret', 'HS', ['mstatus.tsr'], 'illegal');
test(outcome, 'sret', 'U', [], 'illegal');
test(outcome, 'sret', 'VS', [], undefined);
test(outcome, 'sret', 'VS', ['mstatus.tsr'], undefined);
test(outcome, 'sret', 'VS', ['hstatus.vtsr'], 'virtual');
test(outcome, 'sret', 'VU', [], 'virtual');

test(outcome, 'wfi', 'M', ['mstatus.tw'], undefined);
test(outcome, 'wfi', 'HS', [], undefined);
test(outcome, 'wfi', 'HS', ['mstatus.tw'], 'illegal');
test(outcome, 'wfi', 'U', [], 'illegal');
test(outcome, 'wfi', 'VS', [], undefined);
test(outcome, 'wfi', 'VS', ['hstatus.vtw'], 'virtual');
test(outcome, 'wfi', 'VS', ['hstatus.vtw', 'mstatus.tw'], 'illegal');
test(outcome, 'wfi', 'VU', [], 'virtual');
test(outcome, 'wfi', 'VU', ['mstatus.tw'], 'illegal');

test(outcome, 'sfence.vma', 'M', ['mstatus.tvm'], undefined);
test(outcome, 'sfence.vma', 'HS', ['mstatus.tvm'], 'illegal');
test(outcome, 'sfence.vma', 'VS', [], undefined);
test(outcome, 'sfence.vma', 'VS', ['mstatus.tvm'], undefined);
test(outcome, 'sfence.vma', 'VS', ['hstatus.vtvm'], 'virtual');
test(outcome, 'sfence.vma', 'VU', [], 'virtual');
test(outcome, 'sfence.vma', 'U', [], 'illegal');

test(outcome, 'hfence.vvma', 'HS', ['mstatus.tvm'], undefined);
test(outcome, 'hfence.gvma', 'HS', ['mstatus.tvm'], 'illegal');
test(outcome, 'hfence.gvma', 'M', ['mstatus.tvm'], undefined);
test(outcome, 'hfence.gvma', 'VS', [], 'virtual');
test(outcome, 'hfence.vvma', 'VU', [], 'virtual');
test(outcome, 'hfence.gvma', 'U', ['hstatus.hu'], 'illegal');

test(outcome, 'sinval.vma', 'M', ['mstatus.tvm'], undefined);
test(outcome, 'sinval.vma', 'HS', ['mstatus.tvm'], 'illegal');
test(outcome, 'sinval.vma', 'HS', ['hstatus.vtvm'], undefined);
test(outcome, 'sinval.vma', 'VS', ['mstatus.tvm'], undefined);
test(outcome, 'sinval.vma', 'VS', ['hstatus.vtvm'], 'virtual');
test(outcome, 'sinval.vma', 'VU', [], 'virtual');
test(outcome, 'sinval.vma', 'U', [], 'illegal');
test(outcome, 'hinval.vvma', 'HS', ['mstatus.tvm'], undefined);
test(outcome, 'hinval.gvma', 'HS', ['mstatus.tvm'], 'illegal');
test(outcome, 'hinval.gvma', 'M', ['mstatus.tvm'], undefined);
for (const name of ['hinval.vvma', 'hinval.gvma']) {
  test(outcome, name, 'HS', [], undefined);
  test(outcome, name, 'VS', [], 'virtual');
  test(outcome, name, 'VU', [], 'virtual');
  test(outcome, name, 'U', ['hstatus.hu'], 'illegal');
}
for (const name of ['sfence.w.inval', 'sfence.inval.ir']) {
  test(outcome, name, 'HS', ['mstatus.tvm'], undefined);
  test(outcome, name, 'VS', ['mstatus.tvm', 'hstatus.vtvm'], undefined);
  test(outcome, name, 'VU', [], 'virtual');
  test(outcome, name, 'U', [], 'illegal');
}

for (const [name, field] of [
  ['cbo.inval', 'cbie'],
  ['cbo.clean', 'cbcfe'],
  ['cbo.flush', 'cbcfe'],
  ['cbo.zero', 'cbze'],
] as const) {
  const [machine, hypervisor, supervisor] = ['m', 'h', 's'].map(
    (level) => `${level}envcfg.${field}`,
  );
  if (machine === undefined || hypervisor === undefined || supervisor === undefined) continue;
  test(outcome, name, 'M', [], undefined);
  for (const mode of ['HS', 'U', 'VS', 'VU'] as const) {
    test(outcome, name, mode, [hypervisor, supervisor], 'illegal');
    test(outcome, name, mode, [machine, hypervisor, supervisor], undefined);
  }
  test(outcome, name, 'HS', [machine], undefined);
  test(outcome, name, 'U', [machine, hypervisor], 'illegal');
  test(outcome, name, 'VS', [machine, supervisor], 'virtual');
  test(outcome, name, 'VS', [machine, hypervisor], undefined);
  test(outcome, name, 'VU', [machine, supervisor], 'virtual');
  test(outcome, name, 'VU', [machine, hypervisor], 'virtual');
}

test(outcome, 'hlv.d', 'HS', [], undefined);
test(outcome, 'hlv.d', 'U', [], 'illegal');
test(outcome, 'hlv.d', 'U', ['hstatus.hu'], undefined);
test(outcome, 'hlv.d', 'VS', ['hstatus.hu'], 'virtual');
test(outcome, 'hsv.b', 'VU', ['hstatus.hu'], 'virtual');
test(outcome, 'hlvx.wu', 'U', [], 'illegal');

test(outcome, 'huret', 'U', ['hstatus.hu'], undefined);
test(outcome, 'huret', 'U', [], 'illegal');
test(outcome, 'huret', 'HS', ['hstatus.hu'], 'illegal');
test(outcome, 'huret', 'M', ['hstatus.hu'], 'illegal');
test(outcome, 'huret', 'VS', ['hstatus.hu'], 'virtual');
test(outcome, 'hufence.gvma', 'U', ['hstatus.hu'], undefined);
test(outcome, 'hufence.gvma', 'U', [], 'illegal');
test(outcome, 'hufence.gvma', 'HS', [], undefined);
test(outcome, 'hufence.vvma', 'VU', ['hstatus.hu'], 'virtual');
test(outcome, 'hulv.w', 'U', [], 'illegal');
test(outcome, 'husv.d', 'U', ['hstatus.hu'], undefined);

test('every hypervisor memory access follows the rule of hlv.d in every profile', (t) => {
  for (const row of instructions.filter(({ extension }) => extension === 'h')) {
    if (row.timing === 'translationFence') continue;
    for (const profile of dvProfiles) {
      for (const mode of modes) {
        for (const set of [[], ['hstatus.hu']]) {
          t.is(refusal(row.name, mode, set, profile), refusal('hlv.d', mode, set), row.name);
        }
      }
    }
  }
});

test('the authors’ Rocket lets U mode fence guest translations and return without an enable', (t) => {
  for (const name of ['hfence.vvma', 'hfence.gvma', 'hufence.vvma', 'hufence.gvma']) {
    t.is(refusal(name, 'U', [], 'rtl'), undefined, name);
    t.is(refusal(name, 'U', ['mstatus.tvm'], 'rtl'), 'illegal', name);
    t.is(refusal(name, 'VS', [], 'rtl'), 'virtual', name);
  }
  t.is(refusal('huret', 'U', [], 'rtl'), undefined);
  t.is(refusal('huret', 'HS', ['mstatus.tsr'], 'rtl'), 'illegal');
});

test('the authors’ QEMU has HURET and HUFENCE in U mode only, illegal elsewhere', (t) => {
  for (const name of ['huret', 'hufence.vvma', 'hufence.gvma']) {
    t.is(refusal(name, 'U', [], 'qemu'), undefined, name);
    for (const mode of ['VU', 'VS', 'HS', 'M'] as const) {
      t.is(refusal(name, mode, ['hstatus.hu'], 'qemu'), 'illegal', name);
    }
  }
});

test('the prototype’s instructions of opcode 0x77 are open to every mode of the prototype', (t) => {
  const rows = instructions.filter(({ encoding }) => (encoding.match & 0x7f) === 0x77);
  t.is(rows.length, 18);
  for (const { name } of rows) {
    for (const mode of modes) t.is(refusal(name, mode, [], 'rtl'), undefined, name);
    t.is(refusal(name, 'U', [], 'paper'), 'illegal', name);
    t.is(refusal(name, 'VS', [], 'paper'), 'virtual', name);
    t.is(refusal(name, 'VS', ['hstatus.hu'], 'paper'), undefined, name);
    t.is(refusal(name, 'VU', ['hstatus.hu'], 'paper'), 'virtual', name);
  }
});

test('a hart without DV-Ext refuses every DV-Ext instruction in every mode', (t) => {
  for (const { name } of instructions.filter(({ extension }) => extension === 'dv')) {
    for (const mode of modes) {
      const expected = mode === 'VS' || mode === 'VU' ? 'virtual' : 'illegal';
      t.is(refusal(name, mode, ['hstatus.hu'], 'none'), expected, `${name} from ${mode}`);
    }
  }
});

test('a guard on a field that the CSR does not have does not compile', (t) => {
  t.is(unlessSet(hstatus, 'hu', 'illegal')[0].field, 'hu');
  // @ts-expect-error hstatus has no field hux
  t.is(unlessSet(hstatus, 'hux', 'illegal')[0].csr, hstatus);
  // @ts-expect-error vtw belongs to hstatus
  t.is(unlessSet(mstatus, 'vtw', 'illegal')[0].csr, mstatus);
});
