import * as csr from 'rv/csr';
import { cstr, csrr, lbu, sb, sw, wfi, probe } from '../../../../sw/shared/rv';

const uart: usize = 0x10000000;

function put(c: u32): void {
  while (!(lbu(uart, 5) & 0x20)) {}
  sb(uart, c, 0);
}
function puts(s: usize): void {
  for (let c: u32; (c = load<u8>(s)) != 0; s++) put(c);
}
function putDecimal(v: u64): void {
  if (v >= 10) putDecimal(v / 10);
  put(48 + <u32>(v % 10));
}
let counter: u64 = 7;
@unmanaged
class Frame {
  a: u64;
  b: u32;
}
const buffer = memory.data(256, 16);
export function main(): void {
  puts(cstr('hello from AssemblyScript\n'));
  counter += 35;
  probe('mark');
  putDecimal(counter);
  puts(cstr(' hart '));
  putDecimal(csrr(csr.mhartid));
  const f = changetype<Frame>(buffer);
  f.a = 5;
  f.b = 6;
  memory.copy(buffer + 64, buffer, 16);
  putDecimal(changetype<Frame>(buffer + 64).a + changetype<Frame>(buffer + 64).b);
  putDecimal(popcnt<u64>(counter) + clz<u32>(<u32>counter) + ctz<u64>(counter));
  puts(cstr('\n'));
  sw(0x100000, 0x5555, 0);
  while (true) wfi();
}
