import test from 'ava';
import { ACQUISITIONS } from '../../sw/bench/ticket-lock/limits.ts';
import { CHAIN_BASE, LOADS, NODE_BYTES, NODE_COUNT } from '../../sw/bench/pointer-chase/limits.ts';
import { buildProgram, type Work } from './program.ts';
import { instructionsPerIteration, runToEnd, wordAt, type Finished } from './run-to-end.ts';
import { machineOf } from './variant.ts';
import { workloads } from './workloads.ts';

async function finished(name: string, iterations = 1, harts: 1 | 2 = 1): Promise<Finished> {
  const work: Required<Work> = { iterations, harts };
  return runToEnd(machineOf({ harts }), await buildProgram(name), work);
}

for (const [name, cause] of [
  ['hypervisor-trap', 10n],
  ['user-trap', 8n],
] as const) {
  test(`${name} ends with the cause that ends it`, async (t) => {
    t.is(wordAt(await finished(name), 'checksum'), cause);
  });
}

for (const name of ['machine-trap', 'hypervisor-trap', 'user-trap']) {
  test(`a round trip of ${name} is nine instructions, one of which traps`, async (t) => {
    const workload = workloads.find((candidate) => candidate.name === name);
    const { measure } = workload ?? {};
    t.like(measure, { unit: 'µs', instructionsPerOperation: 8 });
    const count = instructionsPerIteration(machineOf({ harts: 1 }), await buildProgram(name));
    t.true(count >= 16_000 && count < 16_100, String(count));
  });
}

test('the pointer chase goes from node to node over 16 MiB', async (t) => {
  t.is(NODE_BYTES * NODE_COUNT, 16 * 2 ** 20);
  const end = await finished('pointer-chase', 2);
  let node = 0;
  for (let load = 0; load < 2 * LOADS; load++) node = (node * 41997 + 12345) % NODE_COUNT;
  t.is(wordAt(end, 'private_memory'), BigInt(CHAIN_BASE + node * NODE_BYTES));
});

test('two harts under one ticket lock lose no count', async (t) => {
  const end = await finished('ticket-lock', 2, 2);
  const expected = BigInt(2 * 2 * ACQUISITIONS);
  for (let word = 0; word < 8; word++) {
    t.is(wordAt(end, 'private_memory', 128 + 8 * word), expected);
  }
});

test('a program whose iterations differ fails, and so does one that traps', async (t) => {
  // The hart of a machine without H cannot make the guest's address space.
  const platform = machineOf({ harts: 1 });
  const plain = { ...platform, harts: { ...platform.harts } };
  const extensions = new Set(platform.harts.isa.extensions);
  extensions.delete('h');
  const isa = { ...platform.harts.isa, extensions };
  const program = await buildProgram('hypervisor-trap');
  const withoutGuests = { ...plain, harts: { ...plain.harts, isa } };
  t.throws(() => runToEnd(withoutGuests, program, { iterations: 1, harts: 1 }), {
    message: /failed.*"code":3/,
  });
});
