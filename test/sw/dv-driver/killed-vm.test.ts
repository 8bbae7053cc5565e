import test from 'ava';
import { assemble } from '../../../hw/isa/index.ts';
import { hasPassed, linesOf, runGuests, runOnBareMachine } from '../boot-guests.ts';
import { call, executable, runHost } from '../software-machine.ts';
import { keep, reporting, resultsOf, sys } from '../host/system-calls.ts';
import { driverProcess, dv, enterGuest, open, request } from './vm-process.ts';

const SIGKILL = 9;

test('the id of a VM whose process was ended in its guest is the next one’s', async (t) => {
  const victim = driverProcess(
    `${enterGuest(0)} huret\nhandler: j handler`,
    'guest: j guest\nguest_end:',
  );
  const ender = `
    ${call(sys.nanosleep, 'time', 0)}
    ${call(sys.kill, 1, SIGKILL)}${keep}
  `;
  const time = '.align 3\ntime: .dword 0, 2000000';
  const next = `${open} ${request(dv.getVmid)} ${keep}`;
  const { console, text } = await runHost('/bin/victim\n!/bin/ender\n+/bin/next\n', [
    executable('bin/victim', victim),
    executable('bin/ender', reporting(ender, time)),
    executable('bin/next', driverProcess(next)),
  ]);
  t.regex(text, /\(\/bin\/victim\) ended with status 137/);
  const line = text.indexOf('\n', text.indexOf('host: ')) + 1;
  t.deepEqual(resultsOf(console.subarray(line)), [0n, 1n]);
});

test('a VM with the id of an ended one has none of its translations, memory and interrupts', async (t) => {
  const victim = assemble(
    `
      auipc s0, 0
      li a7, 0x735049   # an interrupt of its own, never taken
      li a6, 0
      li a0, 1
      li a1, 0
      ecall
    forever:
      lw t0, 0(s0)
      j forever
    `,
    { base: 0x8020_0000 },
  );
  // more memory than the victim had, so that it lies elsewhere: what remained of the victim's translations would be noticed
  const next = { guest: 'measure', isSpare: true, memory: 24 * 2 ** 20 };
  const ended = await runGuests([{ guest: victim.bytes }, { guest: 'measure' }, next], {
    operator: ['1', '10'],
    cycles: 60_000_000,
  });
  t.regex(ended.console, /operator: process 1 is gone/);
  const [bare] = linesOf((await runOnBareMachine('measure')).console, 'result');
  t.is(linesOf(ended.console, 'result').filter((line) => line === bare).length, 2, ended.console);
  t.false(hasPassed(ended), 'a process was ended');
});
