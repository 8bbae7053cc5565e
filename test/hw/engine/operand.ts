/** Meaning of an instruction on mathematical integers: `s` signed, `u` unsigned; the result is taken modulo 2^64. */
export type Reference = (a: Operand, b: Operand) => bigint;

/** A register value in the readings that references need. */
export class Operand {
  readonly u: bigint;
  constructor(value: bigint) {
    this.u = BigInt.asUintN(64, value);
  }
  get s(): bigint {
    return BigInt.asIntN(64, this.u);
  }
  get low(): Operand {
    return new Operand(BigInt.asIntN(32, this.u));
  }
  get lowUnsigned(): bigint {
    return BigInt.asUintN(32, this.u);
  }
}
