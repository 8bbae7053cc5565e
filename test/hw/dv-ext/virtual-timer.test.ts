import test from 'ava';
import { resolveDvExt, ticksToExpiry, timerLines } from '../../../hw/dv-ext/index.ts';
import type { DvRules, VirtualTimerState } from '../../../hw/dv-ext/index.ts';

function rulesOf(overrides: Record<string, unknown>): DvRules {
  const { rules } = resolveDvExt('paper', overrides);
  if (rules === undefined) throw new Error('the paper profile has DV-Ext');
  return rules;
}

const expired: VirtualTimerState = { compare: 100n, control: 1n, now: 100n };

test('the timer raises its interrupt while the clock is at or past the compare value', (t) => {
  const rules = rulesOf({});
  t.is(timerLines(rules, { ...expired, now: 99n }), 0n);
  t.is(timerLines(rules, expired), 1n << 6n);
  t.is(timerLines(rules, { ...expired, now: 5000n }), 1n << 6n);
  t.is(timerLines(rules, { ...expired, control: 0n }), 0n, 'stopped');
});

test('expiry is VSTIP, UTIP, or the interrupt that vtimectl names', (t) => {
  const exit = { expiry: 'exit' };
  t.is(timerLines(rulesOf({}), expired), 1n << 6n);
  t.is(timerLines(rulesOf({ vtimer: exit }), expired), 1n << 4n);
  const named = rulesOf({ vtimer: { ...exit, control: 'enable-and-number' } });
  t.is(timerLines(named, { ...expired, control: (4n << 1n) | 1n }), 1n << 4n);
  t.is(timerLines(named, { ...expired, control: (8n << 1n) | 1n }), 1n << 8n);
});

test('the time to expiry is known while the timer runs and has not expired', (t) => {
  t.is(ticksToExpiry({ ...expired, now: 40n }), 60n);
  t.is(ticksToExpiry(expired), undefined);
  t.is(ticksToExpiry({ ...expired, now: 40n, control: 0n }), undefined);
});
