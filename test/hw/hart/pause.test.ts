import test from 'ava';
import { assemble, isPause } from '../../../hw/isa/index.ts';
import type { Quantum } from '../../../hw/kernel/index.ts';
import { testMachine, type TestMachine } from './machine.ts';

const TURNS = 200;

/** Takes a ticket lock again and again; `wait` stands in the loop that waits for the turn. */
const ticketLock = (wait: string): string => `
  la s0, lock
  li s1, ${String(TURNS)}
  li s2, 1
again:
  amoadd.d t0, s2, (s0)
wait:
  ${wait}
  ld t1, 64(s0)
  bne t1, t0, wait
  ld t2, 128(s0)
  addi t2, t2, 1
  sd t2, 128(s0)
  addi t0, t0, 1
  sd t0, 64(s0)
  addi s1, s1, -1
  bnez s1, again
end:
  j end
  .balign 64
lock: .zero 192
`;

/** Runs a program on every hart until each is at `end`. */
function run(text: string, machine: TestMachine, quantum: Quantum): ReadonlyMap<string, number> {
  const { labels } = machine.load(text);
  const scheduler = machine.schedulerFor(quantum);
  const end = labels.get('end') ?? 0n;
  for (let until = 2000; machine.harts.some(({ state }) => state.pc !== end); until += 2000) {
    scheduler.run(until);
  }
  return new Map([...labels].map(([name, address]) => [name, Number(address)]));
}

/** Instructions that all harts retired before they were at the end. */
function retired({ harts }: TestMachine): number {
  return harts.reduce((sum, { state, status }) => sum + state.instret - status.selfLoopCount, 0);
}

test('the word of PAUSE is what the assembler makes of it', (t) => {
  const { bytes } = assemble('pause\nfence w, w\nfence', { base: 0 });
  const words = [...new Uint32Array(bytes.buffer, bytes.byteOffset, 3)];
  t.deepEqual(words.map(isPause), [true, false, false]);
});

for (const quantum of ['exact', 100, 1000] as const) {
  test(`quantum ${quantum}: harts that wait with PAUSE let the owner of a lock go on`, (t) => {
    const counts = [1, 2, 3].map((hartCount) => {
      const machine = testMachine({ hartCount });
      const labels = run(ticketLock('pause'), machine, quantum);
      const at = labels.get('lock') ?? 0;
      const guarded = new DataView(machine.memory.copy(at + 128, 8).buffer);
      t.is(guarded.getBigUint64(0, true), BigInt(TURNS * hartCount));
      return retired(machine) / hartCount;
    });
    const [one = 0, two = 0, three = 0] = counts;
    t.true(two < 3 * one, `two harts retire ${String(two / one)} times as much each`);
    t.true(three < 4 * one, `three harts retire ${String(three / one)} times as much each`);
  });
}

test('where a PAUSE lets others go on, harts by themselves take the same cycles', (t) => {
  const program = 'li s1, 300\n1: pause\naddi s1, s1, -1\nbnez s1, 1b\nend: j end';
  const cycles = (['exact', 10, 1000] as const).flatMap((quantum) =>
    [1, 2].map((hartCount) => {
      const machine = testMachine({ hartCount });
      machine.load(program);
      machine.schedulerFor(quantum).run(500);
      return machine.harts.map(({ state, account }) => [
        state.pc,
        state.cycle,
        state.instret,
        account.cyclesOf('fence'),
      ]);
    }),
  );
  for (const harts of cycles) for (const hart of harts) t.deepEqual(hart, cycles[0]?.[0]);
});
