import { Code } from '../../../wasm/index.ts';
import { CODE_OFFSET, ENTRY_OFFSET, pathShifts } from '../path-store.ts';
import { walkOffsets } from './walk-state.ts';

/** What the function that `arrivalCode` generates yields where it is worth translating what comes next. */
export const IS_HOT = -1;

/**
 * A function (hart) to the number of the translated function that begins where the core is now, plus 1, or 0 if there is none: then it
 * counts, and yields `IS_HOT` once the count is `heat`. The core's memory begins `core` bytes behind the hart's, whose count of cycles is
 * at `cycle`.
 */
export function arrivalCode(core: number, cycle: number, heat: number): Code {
  const code = new Code(['i32']);
  const hart = 0;
  const node = code.local('i32');
  const number = code.local('i32');
  const load = (word: 'isLive' | 'node' | 'nodes'): void => {
    code.get(hart);
    code.load('i32.load', core + walkOffsets[word]);
  };
  load('isLive');
  code.get(hart);
  code.load('f64.load', cycle);
  code.get(hart);
  code.load('f64.load', core + walkOffsets.cycle);
  code.float('f64.le');
  code.op('i32.and');
  code.op('i32.eqz');
  code.unlikely();
  code.if();
  code.i32(0);
  code.return();
  code.end();
  load('nodes');
  load('node');
  code.i32(pathShifts.node);
  code.op('i32.shl');
  code.op('i32.add');
  code.tee(node);
  code.load('i32.load', CODE_OFFSET);
  code.tee(number);
  code.if();
  code.get(number);
  code.return();
  code.end();
  code.get(node);
  code.get(node);
  code.load('i32.load', ENTRY_OFFSET);
  code.i32(1);
  code.op('i32.add');
  code.tee(number);
  code.store('i32.store', ENTRY_OFFSET);
  code.i32(IS_HOT);
  code.i32(0);
  code.get(number);
  code.i32(heat);
  code.op('i32.eq');
  code.select();
  return code;
}
