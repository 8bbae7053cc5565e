import type { Allocation } from '../allocate/allocation.ts';
import { scratchRegisters } from '../allocate/machine-registers.ts';
import type { CodeBuilder } from '../assembly/code-builder.ts';
import type { SymbolName } from '../assembly/code.ts';
import { registers } from '../assembly/register.ts';
import { inverseBranch, type Block, type BranchEnd } from '../lir/block.ts';
import type { LirFunction } from '../lir/function.ts';
import type { JumpTable } from '../lir/instruction.ts';
import { Frame } from './frame.ts';
import { InstructionEmitter } from './instruction-emitter.ts';
import { wrapFrame, type FramedRegion } from './shrink-wrap.ts';
import { ValueEmitter } from './value-emitter.ts';

const { ra, a0 } = registers;
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
  readonly #code: CodeBuilder;
  readonly #frame: Frame;
  readonly #region: FramedRegion;
  readonly #values: ValueEmitter;
  readonly #labels = new Map<Block, SymbolName>();
  readonly #tables = new Map<JumpTable, SymbolName>();

  constructor(f: LirFunction, allocation: Allocation, code: CodeBuilder) {
    this.#f = f;
    this.#code = code;
    const callsOthers = f.blocks.some((block) =>
      block.instructions.some((i) => i.kind === 'call' || i.kind === 'callRegister'),
    );
    this.#frame = new Frame(allocation, !callsOthers);
    this.#region = wrapFrame(f, allocation);
    for (const block of f.blocks) this.#labels.set(block, code.newLabel());
    this.#values = new ValueEmitter(allocation, this.#frame, code, this.#tableSymbol);
  }

  emit(): readonly EmittedTable[] {
    const code = this.#code;
    const instructions = new InstructionEmitter(code, this.#values);
    code.beginFunction(this.#f.name);
    if (this.#f.location) code.location(this.#f.location);
    this.#f.blocks.forEach((block, index) => {
      code.label(this.#labelOf(block));
      if (this.#region.isEntry(block)) this.#frame.enter(code);
      for (const i of block.instructions) {
        if (i.location) code.location(i.location);
        instructions.emit(i);
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

  readonly #tableSymbol = (table: JumpTable): SymbolName => {
    const known = this.#tables.get(table);
    if (known !== undefined) return known;
    const symbol = `${this.#f.name}$table${table.id}`;
    this.#tables.set(table, symbol);
    return symbol;
  };

  #end(block: Block, next: Block | undefined): void {
    const code = this.#code;
    const { end } = block;
    switch (end.kind) {
      case 'jump':
        if (end.target !== next) code.jump(this.#labelOf(end.target));
        break;
      case 'branch':
        this.#branch(end, next);
        break;
      case 'computedJump':
        code.jumpRegister(this.#values.read(end.a, scratch));
        break;
      case 'return':
        if (end.a !== undefined) code.move(a0, this.#values.read(end.a, a0));
        this.#leave(block);
        code.jumpRegister(ra);
        break;
      case 'tailCall':
        this.#values.pass(end.operands);
        this.#leave(block);
        code.jump(end.symbol);
        break;
      case 'stop':
        code.instruction('ebreak');
        break;
    }
  }

  #branch(end: BranchEnd, next: Block | undefined): void {
    const code = this.#code;
    const a = this.#values.read(end.a, scratch);
    const b = this.#values.read(end.b, secondScratch);
    if (end.taken === next) {
      code.branch(inverseBranch[end.mnemonic], a, b, this.#labelOf(end.otherwise));
      return;
    }
    code.branch(end.mnemonic, a, b, this.#labelOf(end.taken));
    if (end.otherwise !== next) code.jump(this.#labelOf(end.otherwise));
  }

  #leave(block: Block): void {
    if (this.#region.isFramed(block)) this.#frame.leave(this.#code);
  }
}
