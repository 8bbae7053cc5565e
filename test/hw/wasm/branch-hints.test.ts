import test from 'ava';
import { Code, compile, instantiate, ModuleWriter } from '../../../hw/wasm/index.ts';

const IF = 0x04;
const BRANCH_IF = 0x0d;
const SECTION = 'metadata.code.branch_hint';

/** Yields 1 for an argument of 7, 2 below that, otherwise 3. */
function classify(hinted: boolean): Code {
  const code = new Code(['i32']);
  const result = code.local('i32');
  code.get(0);
  code.i32(7);
  code.op('i32.eq');
  if (hinted) code.unlikely();
  code.if();
  code.i32(1);
  code.return();
  code.end();
  const done = code.block();
  code.i32(2);
  code.set(result);
  code.get(0);
  code.i32(7);
  code.op('i32.lt_s');
  if (hinted) code.likely();
  code.branchIf(done);
  code.i32(3);
  code.set(result);
  code.end();
  code.get(result);
  return code;
}

function moduleOf(code: Code): Uint8Array<ArrayBuffer> {
  const module = new ModuleWriter();
  module.addFunction(code, ['i32'], 'classify');
  return module.toBytes();
}

test('a hint names the branch that it precedes', (t) => {
  const code = classify(true);
  const body = code.toBytes();
  const branches = code.branchHints().map(({ offset, isLikely }) => [body[offset], isLikely]);
  t.deepEqual(branches, [
    [IF, false],
    [BRANCH_IF, true],
  ]);
});

test('hints are in a section of their own, and change nothing', (t) => {
  const [plain, hinted] = [moduleOf(classify(false)), moduleOf(classify(true))];
  const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
  t.false(text(plain).includes(SECTION));
  t.true(text(hinted).includes(SECTION));
  for (const bytes of [plain, hinted]) {
    const { classify: run } = instantiate(compile(bytes), {});
    t.deepEqual(
      [7, 6, 8].map((value) => run?.(value)),
      [1, 2, 3],
    );
  }
});
