import { Code, Terms } from '../../../wasm/index.ts';
import { TLB_WAY_SHIFT, tlbKey, translationOffsets } from './translation-layout.ts';

/** The function (address of the translation unit, set, page as f64, label as f64) to the number of the entry, or -1: `Tlb.lookup`. */
export function findEntryCode(): Code {
  const code = new Code(['i32', 'i32', 'f64', 'f64']);
  const { get, i32, op, float, load, fix } = new Terms(code);
  const [unit, set, page, tag] = [get(0), get(1), get(2), get(3)];
  const ways = 2 ** TLB_WAY_SHIFT;
  const first = fix('i32', op('i32.shl', set, i32(TLB_WAY_SHIFT)));
  const keys = fix('i32', op('i32.add', unit, op('i32.mul', first, i32(tlbKey.bytes))));
  for (let way = 0; way < ways; way += 1) {
    const key = translationOffsets.keys + way * tlbKey.bytes;
    const isPage = float('f64.eq', load('f64.load', keys, key + tlbKey.page), page);
    const isOurs = float('f64.eq', load('f64.load', keys, key + tlbKey.tag), tag);
    isPage();
    code.if();
    isOurs();
    code.if();
    op('i32.add', first, i32(way))();
    code.return();
    code.end();
    code.end();
  }
  code.i32(-1);
  return code;
}
