import { type Machine, restoreCheckpoint, saveCheckpoint } from '../../platforms/index.ts';
import { type EngineName, engineNames } from '../harness/engines.ts';
import { bootBusy } from './busy-program.ts';
import { guestStack } from './guest-stack.ts';
import { finish, listen, type Outcome } from './outcome.ts';

/**
 * Cuts a run at many random cycles, and lets another machine go on from each to the end:
 * `npm run cuts -- busy|hello|measure CUTS SEED [path=value…]`, where the assignments are those of `--set` for the busy program.
 */
const [what = 'busy', count = '1000', seed = '1', ...set] = process.argv.slice(2);
const boot: (engine: EngineName) => { readonly machine: Machine } =
  what === 'busy' ? (engine) => bootBusy({ engine, set }) : await guestStack(what);

/** What a machine prints and does until it ends. */
function rest(machine: Machine, printed: number[]): Outcome & { readonly printed: string } {
  const outcome = finish(machine);
  return { ...outcome, printed: String.fromCharCode(...printed) };
}

/** Random numbers below a limit, the same for the same seed. */
function* randomNumbers(limit: number): Generator<number, never> {
  for (let state = Number(seed) >>> 0; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield Math.floor((state / 2 ** 32) * limit);
  }
}

const whole = boot('translator').machine;
const expected = rest(whole, listen(whole));
const numbers = randomNumbers(whole.presentCycle);
const cuts = Array.from({ length: Number(count) }, () => numbers.next().value);
cuts.sort((a, b) => a - b);

const subject = boot('translator').machine;
const before = listen(subject);
const others = engineNames
  .filter((engine) => engine !== 'oracle')
  .map((engine) => {
    const { machine } = boot(engine);
    return { machine, printed: listen(machine) };
  });
let differences = 0;
for (const [index, cycle] of cuts.entries()) {
  subject.runTo(cycle);
  const bytes = saveCheckpoint(subject);
  const other = others[index % others.length];
  if (other === undefined) break;
  other.printed.splice(0, Infinity, ...before);
  restoreCheckpoint(other.machine, { name: `cycle ${String(cycle)}`, bytes });
  if (JSON.stringify(rest(other.machine, other.printed)) === JSON.stringify(expected)) continue;
  differences += 1;
  process.stderr.write(`differs when cut at cycle ${String(cycle)}\n`);
}
process.stdout.write(`${what}: ${count} cuts of ${String(whole.presentCycle)} cycles, `);
process.stdout.write(`${String(differences)} differences\n`);
process.exitCode = differences === 0 ? 0 : 1;
