/** The integer registers as a trap vector saves them, x0 to x31 in order of their numbers. `unprivileged 2.1` */
@unmanaged
export class Registers {
  zero: u64;
  ra: u64;
  sp: u64;
  gp: u64;
  tp: u64;
  t0: u64;
  t1: u64;
  t2: u64;
  s0: u64;
  s1: u64;
  a0: u64;
  a1: u64;
  a2: u64;
  a3: u64;
  a4: u64;
  a5: u64;
  a6: u64;
  a7: u64;
  s2: u64;
  s3: u64;
  s4: u64;
  s5: u64;
  s6: u64;
  s7: u64;
  s8: u64;
  s9: u64;
  s10: u64;
  s11: u64;
  t3: u64;
  t4: u64;
  t5: u64;
  t6: u64;
}

/** Reads register `number` (0-31) of a saved set; x0 must have been saved as 0. */
export function readRegister(registers: usize, number: u64): u64 {
  return load<u64>(registers + (number << 3));
}

/** Writes register `number` (0-31) of a saved set; x0 stays 0. */
export function writeRegister(registers: usize, number: u64, value: u64): void {
  if (number != 0) store<u64>(registers + (number << 3), value);
}
