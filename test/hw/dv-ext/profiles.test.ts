import test from 'ava';
import { describeDvExt, knobNames, knobs, resolveDvExt } from '../../../hw/dv-ext/index.ts';
import type { KnobName, PresentProfile } from '../../../hw/dv-ext/index.ts';

const profiles: readonly PresentProfile[] = ['paper', 'rtl', 'qemu'];

test('the paper profile closes the prototype’s holes', (t) => {
  t.like(resolveDvExt('paper').rules, {
    access: 'enabled',
    exits: 'enabled-guest',
    sedeleg: 'exits',
    hustatus: 'split',
    hugatp: 'hs-only',
    tinst: 'off',
    huretPrivilege: 'user',
    upie: 'hustatus',
    hufence: 'precise',
    vmid: 'register',
    vmidBits: 14,
    'vtimer.expiry': 'direct',
    'vtimer.set': 'exit',
    'pmc.kind': 'ranges',
    'pmc.guestAccess': 'checked',
    'pmc.entries': 16,
    'pmc.granularity': 4096,
    'pmc.walker': 'checked',
    'pmc.scope': 'vm',
  });
});

test('the rtl profile has the holes of the authors’ Rocket', (t) => {
  t.like(resolveDvExt('rtl').rules, {
    access: 'open',
    exits: 'any',
    sedeleg: 'exits-and-misaligned',
    hustatus: 'spv',
    hugatp: 'hu',
    huretPrivilege: 'previous',
    upie: 'mstatus',
    hufence: 'all',
    vmid: 'absent',
    vmidBits: 0,
    'vtimer.expiry': 'exit',
    'vtimer.registers': 'clint',
    'pmc.walker': 'unchecked',
    'pmc.scope': 'global',
  });
});

test('without DV-Ext there is nothing to set', (t) => {
  const plain = resolveDvExt('none');
  t.is(plain.rules, undefined);
  t.deepEqual(describeDvExt(plain), []);
  t.throws(() => resolveDvExt('none', { tinst: 'on' }), {
    message: 'DV-Ext knob tinst: profile none has no knobs',
  });
});

test('a knob is overridden by its dotted name or nested, and says so', (t) => {
  const nested = resolveDvExt('paper', { vtimer: { expiry: 'exit' }, vmidBits: 7 });
  const dotted = resolveDvExt('paper', { 'vtimer.expiry': 'exit', vmidBits: 7 });
  t.deepEqual(nested, dotted);
  t.is(nested.rules?.['vtimer.expiry'], 'exit');
  const origins = describeDvExt(nested).filter(({ origin }) => origin === 'override');
  t.deepEqual(
    origins.map(({ name, value }) => [name, value]),
    [
      ['vmidBits', 7],
      ['vtimer.expiry', 'exit'],
    ],
  );
});

test('a knob that does not exist, or a value that does not fit, is refused in words', (t) => {
  const refuses = (overrides: object, message: RegExp): void => {
    t.throws(() => resolveDvExt('paper', overrides as Record<string, unknown>), { message });
  };
  refuses({ speed: 'high' }, /^DV-Ext knob speed: unknown; there are access, /);
  refuses({ tinst: 'maybe' }, /^DV-Ext knob tinst: maybe must be one of off, on$/);
  refuses({ tinst: true }, /^DV-Ext knob tinst: true must be one of off, on$/);
  refuses({ vmidBits: 15 }, /^DV-Ext knob vmidBits: 15 must be a whole number from 0 to 14$/);
  refuses({ vmidBits: 1.5 }, /must be a whole number/);
  refuses({ pmc: { granularity: 8192 } }, /^DV-Ext knob pmc.granularity: 8192 must be one of 4, 4/);
  refuses({ toString: 'x' }, /^DV-Ext knob toString: unknown/);
});

for (const profile of profiles) {
  test(`every knob can be set to every value it lists (${profile})`, (t) => {
    for (const name of knobNames) {
      const knob = knobs[name];
      const values: readonly (string | number)[] =
        'values' in knob ? knob.values : [knob.least, knob.most];
      for (const value of values) {
        t.is<unknown, unknown>(resolveDvExt(profile, { [name]: value }).rules?.[name], value);
      }
    }
  });

  test(`every setting is described, with a value that its knob allows (${profile})`, (t) => {
    const described = describeDvExt(resolveDvExt(profile));
    t.deepEqual(
      described.map(({ name }) => name),
      [...knobNames],
    );
    for (const { name, value, knob, origin } of described) {
      t.is(origin, 'profile');
      if ('values' in knob) {
        t.true(
          knob.values.some((allowed) => allowed === value),
          name,
        );
      }
      t.regex(knob.description, /^[A-Z].{15,}$/, name);
    }
  });
}

test('every choice is really one', (t) => {
  for (const name of Object.keys(knobs) as KnobName[]) {
    const knob = knobs[name];
    if ('values' in knob)
      t.is(new Set<string | number>(knob.values).size, knob.values.length, name);
    if ('values' in knob) t.true(knob.values.length > 1, name);
  }
});
