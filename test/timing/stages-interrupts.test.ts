import test from 'ava';
import { assemble } from '../../hw/isa/index.ts';
import { bootBare, loadPlatform, run } from '../../platforms/index.ts';
import { inProject } from '../harness/project-root.ts';
import { type EngineName, engineNames } from '../harness/engines.ts';
import { testMachine } from '../hw/hart/machine.ts';

// Counts follow docs/timing.md, "Interrupts".
/** From the change of a line to decode, from there to write-back, and from there to the handler. */
const WIRE = 4;
const DECODE_TO_TRAP = 3;
/** When the code has come by often. */
const RISES = 2000;

/** Cycles from the change of a line until the hart takes the interrupt, in the middle of a loop that has gone round many times. */
function latency(body: string, engine: EngineName, rises: number): number {
  const machine = testMachine({ inStages: true, engine });
  machine.load(`
      la t0, handler
      csrw mtvec, t0
      li t0, 8
      csrw mie, t0
      csrsi mstatus, 8
      li t1, 1000
      li t2, 7
      .balign 64
    again:
      ${body}
      j again
      .balign 64
    handler:
      j handler`);
  const { hart, queue } = machine;
  queue.at(rises, 1, () => {
    hart.setLine('msip', true, rises);
    hart.wake(rises);
  });
  let taken: number | undefined;
  hart.onTrap = ({ cycle, isInterrupt }) => {
    if (isInterrupt) taken ??= cycle;
  };
  machine.run(rises + 500);
  return (taken ?? Infinity) - rises;
}

const seconds = Array.from({ length: 8 }, (_, phase) => RISES + 3 * phase);

for (const engine of engineNames) {
  test(`${engine}: an interrupt takes the place of what is in decode, and is a trap three cycles later`, (t) => {
    for (const rises of seconds) {
      t.is(
        latency('addi a0, a0, 1\naddi a1, a1, 1\naddi a2, a2, 1', engine, rises),
        WIRE + DECODE_TO_TRAP,
      );
    }
  });

  test(`${engine}: it does not wait for what the instruction in its place waits for`, (t) => {
    // 1000 / 7 takes twelve cycles (docs/timing.md, "Divide"), in which the sum stays in decode.
    const latest = Math.max(
      ...seconds.map((rises) => latency('div a3, t1, t2\nadd a4, a3, a3', engine, rises)),
    );
    t.true(latest <= 12 + DECODE_TO_TRAP, `${String(latest)} cycles`);
  });
}

test('the interrupt of a store of its own comes seven cycles behind the commit of the store', (t) => {
  const text = `
      la t0, handler
      csrw mtvec, t0
      li t0, 8
      csrw mie, t0
      csrsi mstatus, 8
      li t1, 0x02000000
      li t2, 1
      sw t2, 0(t1)
      ${'nop\n'.repeat(20)}
      j .
      .balign 64
    handler:
      li t6, 0x54000000
      sd x0, 0x50(t6)
      j .`;
  const { bytes } = assemble(text, { base: 0x8000_0000n });
  const platform = loadPlatform(inProject('platforms', 'rocket-rtl.yaml'));
  const { machine } = bootBare(platform, { name: 'text', bytes }, [0n]);
  const [hart] = machine.harts;
  if (hart === undefined) throw new Error('no hart');
  let stored = 0;
  let taken = 0;
  hart.onRetire = ({ word, cycle }) => {
    // sw t2, 0(t1)
    if (word === 0x0073_2023) stored = cycle;
  };
  hart.onTrap = ({ cycle }) => (taken = cycle);
  const steps = run(machine, { cycles: 10_000 });
  while (steps.next().done !== true);
  t.true(stored > 0);
  t.is(taken - stored, WIRE + DECODE_TO_TRAP);
});
