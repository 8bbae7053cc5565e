import { Code, Terms } from '../../../wasm/index.ts';
import { PATH_COUNT, pathNote, tablePath } from './translation-layout.ts';

/** The function (address of the paths, region, protection, roots as i64, kind) to the address of the path to a region that still holds, or 0. */
export function findPathCode(): Code {
  const code = new Code(['i32', 'i32', 'i32', 'i64', 'i32']);
  const { get, i32, i64, op, load, fix, set, branchIf } = new Terms(code);
  const [paths, region, protection, roots, kind] = [get(0), get(1), get(2), get(3), get(4)];
  const refused = code.block();
  const root1 = op('i32.wrap_i64', roots);
  const root2 = op('i32.wrap_i64', op('i64.shr_u', roots, i64(32n)));
  const place = op(
    'i32.and',
    op('i32.xor', region, op('i32.xor', root1, root2)),
    i32(PATH_COUNT - 1),
  );
  const path = fix('i32', op('i32.add', paths, op('i32.mul', place, i32(tablePath.bytes))));
  branchIf(refused, op('i32.ne', load('i32.load', path, tablePath.region), region));
  branchIf(refused, op('i32.ne', load('i32.load', path, tablePath.protection), protection));
  branchIf(refused, op('i64.ne', load('i64.load', path, tablePath.root1), roots));
  branchIf(refused, op('i32.ne', load('i32.load', path, tablePath.kind), kind));
  const note = code.local('i32');
  const count = load('i32.load', path, tablePath.noteCount);
  const end = fix('i32', op('i32.add', path, op('i32.mul', count, i32(pathNote.bytes))));
  set(note, path);
  const found = code.block();
  branchIf(found, op('i32.eq', get(note), end));
  const next = code.loop();
  const address = load('i32.load', get(note), tablePath.notes + pathNote.address);
  const value = load('i64.load', get(note), tablePath.notes + pathNote.value);
  branchIf(refused, op('i64.ne', load('i64.load', address), value));
  set(note, op('i32.add', get(note), i32(pathNote.bytes)));
  branchIf(next, op('i32.ne', get(note), end));
  code.end();
  code.end();
  path();
  code.return();
  code.end();
  code.i32(0);
  return code;
}
