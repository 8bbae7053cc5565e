import test from 'ava';
import { csrs, dvProfiles, instructions, mtvec } from '../../../hw/isa/index.ts';
import { openProtection, RAM_BASE, testMachine } from './machine.ts';

const WORDS = 0x2000;
const HANDLER = RAM_BASE + 0x2_0000;
const RUNS = 10;

function words(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state ^ (state >>> 15)) >>> 0;
  };
}

function pick<Item>(items: readonly Item[], random: number): Item {
  return items[random % items.length] as Item;
}

/** Goes on somewhere in the random code, with a random mstatus and so in a random mode. */
const handler = `
  csrw mscratch, t6
  li t5, 0x9e3779b97f4a7c15
  csrr t6, mcycle
  mul t6, t6, t5
  csrw mstatus, t6
  csrr t6, mcycle
  slli t6, t6, 50
  srli t6, t6, 49
  andi t6, t6, -4
  csrw mepc, t6
  li t6, 1
  slli t6, t6, 31
  csrs mepc, t6
  csrr t6, mscratch
  mret
`;

// A hart that sleeps for good would end the experiment.
const awake = instructions.filter(({ name }) => name !== 'wfi');

for (const profile of dvProfiles) {
  test(`random code in any mode never leaves the model, profile ${profile}`, (t) => {
    for (let run = 0; run < RUNS; run++) {
      const next = words(run * 7919 + profile.length);
      const hartCount = 1 + (run % 2);
      // Without memory checking, guests get further.
      const knobs = profile !== 'none' && run % 3 === 0 ? { pmc: { kind: 'none' } } : {};
      const misaligned = run % 2 === 0 ? 'trap' : 'hardware';
      const machine = testMachine({ profile, knobs, misaligned, hartCount });
      const code = new DataView(new ArrayBuffer(WORDS * 4));
      for (let index = 0; index < WORDS; index++) {
        const { encoding } = pick(awake, next());
        const csr = pick(csrs, next());
        const isSystem = (encoding.match & 0x7f) === 0x73 && (encoding.match & 0x7000) !== 0;
        const random = isSystem ? ((csr.address << 20) | (next() & 0xf_ffff)) >>> 0 : next();
        const isNoise = next() % 16 === 0;
        const word = isNoise ? next() : ((random & ~encoding.mask) | encoding.match) >>> 0;
        code.setUint32(index * 4, word, true);
      }
      machine.memory.load(RAM_BASE, new Uint8Array(code.buffer));
      machine.load(handler, HANDLER);
      for (const hart of machine.harts) {
        openProtection(hart);
        hart.csrs.write(mtvec, BigInt(HANDLER));
        for (let register = 1; register < 32; register++) {
          hart.state.x[register] = BigInt(RAM_BASE + (next() % 0x8000)) & ~7n;
        }
      }
      machine.run(8_000);
      for (const { account, state } of machine.harts) {
        t.is(account.tree.sum(), state.cycle);
        t.is(state.x[0], 0n);
      }
    }
  });
}
