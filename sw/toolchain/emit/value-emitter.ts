import type { Allocation, Place } from '../allocate/allocation.ts';
import { argumentRegisters, scratchRegisters } from '../allocate/machine-registers.ts';
import type { CodeBuilder } from '../assembly/code-builder.ts';
import type { SymbolName } from '../assembly/code.ts';
import { registerAt, registers, type Register } from '../assembly/register.ts';
import type { JumpTable, LirInstruction } from '../lir/instruction.ts';
import type { VirtualRegister } from '../lir/virtual-register.ts';
import type { Frame } from './frame.ts';
import { orderMoves, type RegisterMove } from './parallel-moves.ts';

const { zero, sp } = registers;
const scratch = scratchRegisters.first;

/** Brings values from where they live to where instructions want them, and back. */
export class ValueEmitter {
  readonly #allocation: Allocation;
  readonly #frame: Frame;
  readonly #code: CodeBuilder;
  readonly #tableSymbol: (table: JumpTable) => SymbolName;

  constructor(
    allocation: Allocation,
    frame: Frame,
    code: CodeBuilder,
    tableSymbol: (table: JumpTable) => SymbolName,
  ) {
    this.#allocation = allocation;
    this.#frame = frame;
    this.#code = code;
    this.#tableSymbol = tableSymbol;
  }

  /** The register that holds a value, after bringing it there if it lives elsewhere; x0 for none. */
  read(register: VirtualRegister | undefined, into: Register): Register {
    const place = register === undefined ? undefined : this.#allocation.placeOf(register);
    if (!place) return zero;
    if (place.kind === 'register') return place.register;
    this.#fetch(place, into);
    return into;
  }

  /** Runs an emission with the register that its result goes to, and stores it if it lives on the stack. */
  write(register: VirtualRegister | undefined, emit: (rd: Register) => void): void {
    const place = register === undefined ? undefined : this.#allocation.placeOf(register);
    if (place?.kind === 'rebuilt') return;
    emit(place?.kind === 'register' ? place.register : place ? scratch : zero);
    if (place?.kind === 'slot') {
      this.#code.store('sd', scratch, this.#frame.slotOffset(place.slot), sp);
    }
  }

  /** Brings arguments to their registers: copies first, since a fetched value cannot be a source of one. */
  pass(operands: readonly VirtualRegister[], to: readonly number[] = argumentRegisters): void {
    const moves: RegisterMove[] = [];
    const fetches: (() => void)[] = [];
    operands.forEach((operand, k) => {
      const target = registerAt(to[k] ?? -1);
      const place = this.#allocation.placeOf(operand);
      if (place?.kind === 'register') moves.push({ to: target, from: place.register });
      else if (place) fetches.push(() => this.#fetch(place, target));
    });
    for (const move of orderMoves(moves, scratch)) this.#code.move(move.to, move.from);
    for (const fetch of fetches) fetch();
  }

  /** Takes values out of a0, a1, …: those that live on the stack first, while the registers still hold them. */
  receive(definitions: readonly VirtualRegister[]): void {
    const moves: RegisterMove[] = [];
    definitions.forEach((definition, k) => {
      const from = registerAt(argumentRegisters[k] ?? -1);
      const place = this.#allocation.placeOf(definition);
      if (place?.kind === 'register') moves.push({ to: place.register, from });
      if (place?.kind === 'slot') {
        this.#code.store('sd', from, this.#frame.slotOffset(place.slot), sp);
      }
    });
    for (const move of orderMoves(moves, scratch)) this.#code.move(move.to, move.from);
  }

  /** Builds the constant or address that an instruction stands for. */
  build({ symbol, immediate, table }: LirInstruction, into: Register): void {
    if (table) this.#code.address(into, this.#tableSymbol(table));
    else if (symbol !== undefined) this.#code.address(into, symbol);
    else this.#code.pooledConstant(into, immediate ?? 0n);
  }

  #fetch(place: Place, into: Register): void {
    if (place.kind === 'rebuilt') this.build(place.by, into);
    if (place.kind === 'slot') {
      this.#code.load('ld', into, this.#frame.slotOffset(place.slot), sp);
    }
  }
}
