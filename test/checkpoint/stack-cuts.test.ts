import test from 'ava';
import { restoreCheckpoint, saveCheckpoint } from '../../platforms/index.ts';
import { engineNames } from '../harness/engines.ts';
import { guestStack } from './guest-stack.ts';
import { finish, listen } from './outcome.ts';

/** So many cycles apart that cuts come in boot, host, hypervisor and guest. */
const DISTANCE = 90_017;

test('DuVisor and its guest go on in another machine, on each engine in turn, as if nothing had been', async (t) => {
  t.timeout(120_000);
  const boot = await guestStack('hello');
  const whole = boot('translator').machine;
  const expected = listen(whole);
  const outcome = finish(whole);
  t.is(outcome.end.kind, 'verdict');
  const machines = engineNames.map((engine) => boot(engine).machine);
  const printed: number[] = [];
  for (const machine of machines) listen(machine, printed);
  let [machine = whole] = machines;
  for (let cycle = DISTANCE, count = 1; cycle < whole.presentCycle; cycle += DISTANCE, count += 1) {
    machine.runTo(cycle);
    const bytes = saveCheckpoint(machine);
    machine = machines[count % machines.length] ?? machine;
    restoreCheckpoint(machine, { name: 'cut', bytes });
  }
  t.deepEqual(finish(machine), outcome);
  t.deepEqual(printed, expected);
});
