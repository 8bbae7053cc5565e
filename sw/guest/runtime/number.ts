/** The decimal number at the start of a text; `otherwise` when it is 0 or there is none. */
export function readNumber(text: usize, otherwise: u64): u64 {
  let value: u64 = 0;
  for (let at = text; ; at++) {
    const digit = load<u8>(at) - 0x30;
    if (digit > 9) break;
    value = value * 10 + digit;
  }
  return value == 0 ? otherwise : value;
}
