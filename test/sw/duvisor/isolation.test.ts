import test from 'ava';
import { runGuests } from '../boot-guests.ts';

test('a hypervisor that maps host memory into its guest is ended when the guest reaches for it', async (t) => {
  const ended = await runGuests([{ guest: 'rogue' }], { hypervisor: 'sw/duvisor/malicious' });
  t.false(ended.console.includes('host memory was reached'));
  t.regex(ended.console, /reach memory that is not granted/);
  t.regex(ended.console, /ended with status 135/);
});

test('a second VM goes on when the first one is ended', async (t) => {
  const ended = await runGuests([{ guest: 'rogue' }, { guest: 'measure' }], {
    hypervisor: 'sw/duvisor/malicious',
  });
  t.regex(ended.console, /ended with status 135/);
  t.regex(ended.console, /measure: end/);
  t.false(ended.console.includes('WRONG'));
});

test('under an honest hypervisor the same guest finds nothing there', async (t) => {
  const ended = await runGuests([{ guest: 'rogue' }]);
  t.regex(ended.console, /scause 0x5 .* stval 0x40000000/);
  t.deepEqual(ended.end.kind === 'verdict' && ended.end.verdict, { kind: 'failed', code: 1 });
});
