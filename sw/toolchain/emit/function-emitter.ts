import { operandsIn, instructionByName } from '../../../hw/isa/index.ts';
import type { Allocation, Place } from '../allocate/allocation.ts';
import { argumentRegisters, scratchRegisters } from '../allocate/machine-registers.ts';
import type { CodeBuilder } from '../assembly/code-builder.ts';
import type { SymbolName } from '../assembly/code.ts';
import { registerAt, registers, type Register } from '../assembly/register.ts';
import { inverseBranch, type Block } from '../lir/block.ts';
import type { LirFunction } from '../lir/function.ts';
import { type JumpTable, type LirInstruction } from '../lir/instruction.ts';
import type { VirtualRegister } from '../lir/virtual-register.ts';
import { Frame } from './frame.ts';
import { orderMoves, type RegisterMove } from './parallel-moves.ts';
import { wrapFrame, type FramedRegion } from './shrink-wrap.ts';

const { zero, ra, sp, tp, a0 } = registers;
const { first: scratch, second: secondScratch } = scratchRegisters;

/** A jump table to be placed in read-only data. */
export interface EmittedTable {
  readonly symbol: SymbolName;
  readonly targets: readonly SymbolName[];
}

/** Turns a function with allocated registers into machine code. */
export function emitFunction(
  f: LirFunction,
  allocation: Allocation,
  code: CodeBuilder,
): readonly EmittedTable[] {
  return new FunctionEmitter(f, allocation, code).emit();
}

class FunctionEmitter {
  readonly #f: LirFunction;
  readonly #allocation: Allocation;
  readonly #code: CodeBuilder;
  readonly #frame: Frame;
  readonly #region: FramedRegion;
  readonly #labels = new Map<Block, SymbolName>();
  readonly #tables = new Map<JumpTable, SymbolName>();

  constructor(f: LirFunction, allocation: Allocation, code: CodeBuilder) {
    this.#f = f;
    this.#allocation = allocation;
    this.#code = code;
    const callsOthers = f.blocks.some((block) =>
      block.instructions.some((i) => i.kind === 'call' || i.kind === 'callRegister'),
    );
    this.#frame = new Frame(allocation, !callsOthers);
    this.#region = wrapFrame(f, allocation);
    for (const block of f.blocks) this.#labels.set(block, code.newLabel());
  }

  emit(): readonly EmittedTable[] {
    const code = this.#code;
    code.beginFunction(this.#f.name);
    if (this.#f.location) code.location(this.#f.location);
    this.#f.blocks.forEach((block, index) => {
      code.label(this.#labelOf(block));
      if (this.#region.isEntry(block)) this.#frame.enter(code);
      for (const i of block.instructions) {
        if (i.location) code.location(i.location);
        this.#instruction(i);
      }
      this.#end(block, this.#f.blocks[index + 1]);
    });
    code.endFunction(this.#f.name);
    return [...this.#tables].map(([table, symbol]) => ({
      symbol,
      targets: table.targets.map((target) => this.#labelOf(target)),
    }));
  }

  #labelOf(block: Block): SymbolName {
    const label = this.#labels.get(block);
    if (label === undefined) throw new Error(`${this.#f.name}: jump to a block that was removed`);
    return label;
  }

  /** The register that holds a value, after bringing it there if it lives elsewhere. */
  #read(register: VirtualRegister, into: Register): Register {
    const place = this.#allocation.placeOf(register);
    if (!place) return zero;
    if (place.kind === 'register') return place.register;
    this.#fetch(place, into);
    return into;
  }

  #fetch(place: Place, into: Register): void {
    if (place.kind === 'slot') {
      this.#code.load('ld', into, this.#frame.slotOffset(place.slot), sp);
    } else if (place.kind === 'rebuilt') {
      const { symbol, immediate, table } = place.by;
      if (table) this.#code.address(into, this.#tableSymbol(table));
      else if (symbol === undefined) this.#code.pooledConstant(into, immediate ?? 0n);
      else this.#code.address(into, symbol);
    }
  }

  /** Runs an emission with the register that its result goes to, and stores it if it lives on the stack. */
  #write(register: VirtualRegister | undefined, emit: (rd: Register) => void): void {
    const place = register === undefined ? undefined : this.#allocation.placeOf(register);
    if (place?.kind === 'register') {
      emit(place.register);
      return;
    }
    if (place?.kind === 'slot') {
      emit(scratch);
      this.#code.store('sd', scratch, this.#frame.slotOffset(place.slot), sp);
      return;
    }
    emit(zero);
  }

  #a(i: LirInstruction): Register {
    return i.a === undefined ? zero : this.#read(i.a, scratch);
  }

  #b(i: LirInstruction): Register {
    return i.b === undefined ? zero : this.#read(i.b, secondScratch);
  }

  #instruction(i: LirInstruction): void {
    const code = this.#code;
    switch (i.kind) {
      case 'compute': {
        this.#compute(i);
        return;
      }
      case 'load': {
        const base = this.#a(i);
        this.#write(i.destination, (rd) => code.load(i.mnemonic, rd, i.immediate ?? 0n, base));
        return;
      }
      case 'store': {
        code.store(i.mnemonic, this.#b(i), i.immediate ?? 0n, this.#a(i));
        return;
      }
      case 'move': {
        const from = this.#a(i);
        this.#write(i.destination, (rd) => code.move(rd, from));
        return;
      }
      case 'constant':
        if (this.#isRebuilt(i)) return;
        {
          this.#write(i.destination, (rd) => code.pooledConstant(rd, i.immediate ?? 0n));
          return;
        }
      case 'address':
        if (this.#isRebuilt(i)) return;
        {
          this.#write(i.destination, (rd) => code.address(rd, i.symbol ?? ''));
          return;
        }
      case 'tableAddress':
        if (this.#isRebuilt(i)) return;
        {
          this.#write(i.destination, (rd) => code.address(rd, this.#tableSymbol(i.table)));
          return;
        }
      case 'loadGlobal': {
        this.#loadGlobal(i);
        return;
      }
      case 'storeGlobal': {
        const value = i.a === undefined ? zero : this.#read(i.a, secondScratch);
        code.storeSymbol(i.mnemonic, value, i.symbol ?? '', scratch);
        return;
      }
      case 'call':
      case 'callRegister':
      case 'environmentCall': {
        this.#call(i);
        return;
      }
      case 'parameters': {
        this.#parameters(i);
        return;
      }
      case 'csr': {
        const value = this.#a(i);
        const csr = i.immediate ?? 0n;
        this.#write(i.destination, (rd) => code.instruction(i.mnemonic, { rd, csr, rs1: value }));
        return;
      }
      case 'machine': {
        this.#machine(i);
        return;
      }
      case 'probe': {
        code.probe(i.symbol ?? '');
        return;
      }
    }
  }

  #isRebuilt(i: LirInstruction): boolean {
    return (
      i.destination !== undefined && this.#allocation.placeOf(i.destination)?.kind === 'rebuilt'
    );
  }

  #compute(i: LirInstruction): void {
    const a = this.#a(i);
    if (i.immediate === undefined) {
      const b = this.#b(i);
      this.#write(i.destination, (rd) => this.#code.registers3(i.mnemonic, rd, a, b));
      return;
    }
    const value = i.immediate;
    this.#write(i.destination, (rd) => this.#code.immediate(i.mnemonic, rd, a, value));
  }

  #loadGlobal(i: LirInstruction): void {
    this.#write(i.destination, (rd) => {
      this.#code.loadSymbol(i.mnemonic, rd === zero ? scratch : rd, i.symbol ?? '');
    });
  }

  #tableSymbol(table: JumpTable | undefined): SymbolName {
    if (!table) throw new Error(`${this.#f.name}: jump table is missing`);
    const known = this.#tables.get(table);
    if (known !== undefined) return known;
    const symbol = `${this.#f.name}$table${table.id}`;
    this.#tables.set(table, symbol);
    return symbol;
  }

  /** Brings arguments to their registers: copies first, since a fetched value cannot be a source of one. */
  #passOperands(
    operands: readonly VirtualRegister[],
    to: readonly number[] = argumentRegisters,
  ): void {
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

  #call(i: LirInstruction): void {
    const code = this.#code;
    if (i.kind === 'callRegister' && i.a !== undefined) {
      code.move(secondScratch, this.#read(i.a, secondScratch));
    }
    this.#passOperands(i.operands ?? [], i.operandRegisters);
    if (i.kind === 'call') code.call(i.symbol ?? '');
    else if (i.kind === 'callRegister') code.jumpRegister(secondScratch, ra);
    else code.instruction('ecall');
    if (i.definitions) this.#receive(i.definitions);
    else if (i.destination !== undefined) this.#receive([i.destination]);
  }

  #parameters(i: LirInstruction): void {
    this.#receive(i.definitions ?? []);
  }

  /** Takes values out of a0, a1, …: those that live on the stack first, while the registers still hold them. */
  #receive(definitions: readonly VirtualRegister[]): void {
    const moves: RegisterMove[] = [];
    definitions.forEach((definition, k) => {
      const from = registerAt(argumentRegisters[k] ?? a0);
      const place = this.#allocation.placeOf(definition);
      if (place?.kind === 'register') moves.push({ to: place.register, from });
      if (place?.kind === 'slot') {
        this.#code.store('sd', from, this.#frame.slotOffset(place.slot), sp);
      }
    });
    for (const move of orderMoves(moves, scratch)) this.#code.move(move.to, move.from);
  }

  #machine(i: LirInstruction): void {
    const code = this.#code;
    switch (i.mnemonic) {
      case 'read tp': {
        this.#write(i.destination, (rd) => code.move(rd, tp));
        return;
      }
      case 'read sp': {
        this.#write(i.destination, (rd) => code.move(rd, sp));
        return;
      }
      case 'write tp': {
        code.move(tp, this.#a(i));
        return;
      }
      case 'fence': {
        const sets = Number(i.immediate ?? 0n);
        code.instruction('fence', {
          ...{ pred: sets >> 4, succ: sets & 15, rd: zero, rs1: zero, fm: 0 },
        });
        return;
      }
      default: {
        this.#row(i);
        return;
      }
    }
  }

  /** Any row of hw/isa; atomics get both ordering bits. */
  #row(i: LirInstruction): void {
    const row = instructionByName(i.mnemonic);
    if (!row) throw new Error(`there is no instruction ${i.mnemonic}`);
    const written = new Set<string>(row.syntax.flatMap(operandsIn));
    const hasOrdering = row.encoding.fields.some(({ name }) => name === 'aq');
    const rs1 = this.#a(i);
    const rs2 = this.#b(i);
    this.#write(i.destination, (rd) =>
      this.#code.instruction(i.mnemonic, {
        ...(written.has('rd') ? { rd } : {}),
        ...(written.has('rs1') ? { rs1 } : {}),
        ...(written.has('rs2') ? { rs2 } : {}),
        ...(hasOrdering ? { aq: 1, rl: 1 } : {}),
      }),
    );
  }

  #end(block: Block, next: Block | undefined): void {
    const code = this.#code;
    const { end } = block;
    const isFramed = this.#region.isFramed(block);
    switch (end.kind) {
      case 'jump':
        if (end.target !== next) code.jump(this.#labelOf(end.target));
        return;
      case 'branch': {
        const a = this.#read(end.a, scratch);
        const b = this.#read(end.b, secondScratch);
        if (end.taken === next) {
          code.branch(inverseBranch[end.mnemonic], a, b, this.#labelOf(end.otherwise));
          return;
        }
        code.branch(end.mnemonic, a, b, this.#labelOf(end.taken));
        if (end.otherwise !== next) code.jump(this.#labelOf(end.otherwise));
        return;
      }
      case 'computedJump': {
        code.jumpRegister(this.#read(end.a, scratch));
        return;
      }
      case 'return':
        if (end.a !== undefined) code.move(a0, this.#read(end.a, a0));
        if (isFramed) this.#frame.leave(code);
        {
          code.jumpRegister(ra);
          return;
        }
      case 'tailCall':
        this.#passOperands(end.operands);
        if (isFramed) this.#frame.leave(code);
        {
          code.jump(end.symbol);
          return;
        }
      case 'stop': {
        code.instruction('ebreak');
        return;
      }
    }
  }
}
