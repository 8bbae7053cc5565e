import type { Code } from '../../../wasm/index.ts';
import { hartStateOffsets } from '../../hart-state.ts';
import type { RegionInstruction } from './region.ts';

const REGISTER_BYTES = 8;

/** The registers that a region uses, each in a local (i64) of its function. */
export class RegionRegisters {
  readonly #code: Code;
  readonly #integers = new Map<number, number>();
  readonly #writtenIntegers = new Set<number>();
  readonly #floats = new Map<number, number>();
  readonly #writtenFloats = new Set<number>();

  constructor(code: Code, instructions: readonly RegionInstruction[]) {
    this.#code = code;
    for (const { decoded } of instructions) {
      const { rs1, rs2, rd } = decoded;
      for (const register of [rs1, rs2, rd]) {
        if (register !== 0) this.#local(this.#integers, register);
      }
      if (rd !== 0) this.#writtenIntegers.add(rd);
      for (const { name } of decoded.instruction.encoding.fields) {
        if (name !== 'frd' && name !== 'frs1' && name !== 'frs2' && name !== 'frs3') continue;
        this.#local(this.#floats, decoded[name]);
        if (name === 'frd') this.#writtenFloats.add(decoded.frd);
      }
    }
  }

  /** Reads every register from the memory of the hart at the address in a local. */
  load(hart: number): void {
    for (const [registers, offset] of [
      [this.#integers, hartStateOffsets.x],
      [this.#floats, hartStateOffsets.f],
    ] as const) {
      for (const [register, local] of registers) {
        this.#code.get(hart);
        this.#code.load('i64.load', offset + REGISTER_BYTES * register);
        this.#code.set(local);
      }
    }
  }

  /** Writes those that the region changes back to it. */
  save(hart: number): void {
    for (const register of this.#writtenIntegers) {
      this.#code.get(hart);
      this.push(register);
      this.#code.store('i64.store', hartStateOffsets.x + REGISTER_BYTES * register);
    }
    for (const register of this.#writtenFloats) {
      this.#code.get(hart);
      this.pushFloat(register);
      this.#code.store('i64.store', hartStateOffsets.f + REGISTER_BYTES * register);
    }
  }

  /** Puts an integer register on the stack. */
  push(register: number): void {
    const local = this.#integers.get(register);
    if (local === undefined) this.#code.i64(0n);
    else this.#code.get(local);
  }

  /** Puts a floating-point register on the stack. */
  pushFloat(register: number): void {
    this.#code.get(this.#floatLocal(register));
  }

  /** Takes the value of an integer register from the stack. */
  set(register: number): void {
    const local = this.#integers.get(register);
    if (local === undefined) this.#code.drop();
    else this.#code.set(local);
  }

  /** Takes the value of a floating-point register from the stack. */
  setFloat(register: number): void {
    this.#code.set(this.#floatLocal(register));
  }

  #local(registers: Map<number, number>, register: number): void {
    if (!registers.has(register)) registers.set(register, this.#code.local('i64'));
  }

  #floatLocal(register: number): number {
    const local = this.#floats.get(register);
    if (local === undefined) throw new Error('a region lacks a floating-point register');
    return local;
  }
}
