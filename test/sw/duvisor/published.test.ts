import test from 'ava';
import { hasPassed, linesOf, runGuests, runOnBareMachine } from '../boot-guests.ts';

const hypervisor = 'sw/published/duvisor-published';

test('the steps of the published DuVisor change what exits take, and nothing that guests compute', async (t) => {
  const results = linesOf((await runOnBareMachine('measure')).console, 'result');
  const exits: number[] = [];
  for (const options of [{}, { hypervisor } as const]) {
    const ended = await runGuests([{ guest: 'measure' }], options);
    t.true(hasPassed(ended), ended.console);
    t.deepEqual(linesOf(ended.console, 'result'), results);
    const [, mean = ''] = /measure: first-touch .* mean=(\d+) /.exec(ended.console) ?? [];
    exits.push(Number(mean));
  }
  const [ours = 0, published = 0] = exits;
  t.true(published > ours + 50, `${String(ours)} ${String(published)}`);
});

test('vCPUs that fault together wait for the one lock of the published DuVisor, and no page is lost', async (t) => {
  const ended = await runGuests([{ guest: 'smp', vcpus: 2 }], { hypervisor });
  t.true(hasPassed(ended), ended.console);
});
