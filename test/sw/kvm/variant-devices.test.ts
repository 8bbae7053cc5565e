import test from 'ava';
import { hasPassed, linesOf, runGuests } from '../boot-guests.ts';

test('each variant has the disk and the network that DuVisor has', async (t) => {
  for (const word of ['--exitless', '--dv-state', '--forward']) {
    const request = { guest: 'devices', options: [word, '--devices', 'block,net'] };
    const ended = await runGuests([request], {
      platform: 'duvisor-devices',
      hypervisor: 'sw/kvm-vmm',
      set: ['harts.dvExt.pmc.kind=none'],
      cycles: 60_000_000,
    });
    t.true(hasPassed(ended), `${word}\n${ended.console}`);
    const results = linesOf(ended.console, 'result');
    for (const line of ['block-after-reset-data 0x1', 'net-exchanged 0x8', 'net-after-reset 0x1'])
      t.true(results.includes(`result: ${line}`), `${word}: ${line}`);
  }
});
