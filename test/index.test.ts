import test from 'ava';
import { bootBare, DvlabError, elaborate, loadPlatform, run } from '../index.ts';
import { inProject } from './harness/project-root.ts';

const path = inProject('platforms', 'duvisor-1hart.yaml');

/** A raw program: lui a0, 0x100; lui a1, 5; addi a1, a1, 0x555; sw a1, 0(a0): the test finisher passes. */
const program = Uint32Array.of(0x0010_0537, 0x0000_55b7, 0x5555_8593, 0x00b5_2023);

test('the library loads a platform, runs a program on it and tells the result', (t) => {
  const platform = loadPlatform(path, { set: { 'memory.dram.size': '16 MiB' } });
  const { machine } = bootBare(platform, { name: 'it', bytes: new Uint8Array(program.buffer) });
  const { done, value } = run(machine, { cycles: 1000 }).next();
  t.true(done);
  t.deepEqual(value, { kind: 'verdict', verdict: { kind: 'passed' }, device: 'finisher' });
  // Five instructions of the boot ROM, four of the program.
  t.is(machine.instructionCount, 9);
});

test('many machines live in one process, and nothing is shared between them', (t) => {
  const platform = loadPlatform(path);
  const [first, second] = [elaborate(platform), elaborate(platform)];
  first.harts[0]?.reset(0x1234n);
  first.memories[0]?.load(0x1000, Uint8Array.of(1));
  t.is(second.harts[0]?.state.pc, 0n);
  t.deepEqual([...(second.memories[0]?.copy(0x1000, 1) ?? [])], [0]);
});

test('what a user did wrong is a DvlabError with code and source', (t) => {
  const error = t.throws(() => loadPlatform(path, { set: ['harts.count=0'] }), {
    instanceOf: DvlabError,
  });
  t.is(error.code, 'E-CFG-005');
  t.deepEqual(error.source, { kind: 'set', assignment: 'harts.count=0' });
});
