import { CompileError, type SourceLocation } from '../diagnostics/compile-error.ts';
import { Block, type BlockEnd } from '../lir/block.ts';
import type { LirFunction } from '../lir/function.ts';
import type { JumpTable, LirInstruction } from '../lir/instruction.ts';
import { zeroValue, type VirtualRegister } from '../lir/virtual-register.ts';
import type { Expression, WasmLabel } from '../wasm/expression.ts';
import type { DefinedFunction, WasmModule } from '../wasm/module.ts';
import type { LocalFacts } from './local-facts.ts';

/** What the whole image knows and a function's lowering asks for. */
export interface ImageContext {
  readonly module: WasmModule;
  /** Symbol of a function by its index. */
  readonly functionSymbol: (index: number) => string;
  /** Why a function cannot be called, if it cannot. */
  readonly problemWith: (index: number) => string | undefined;
  readonly globalSymbol: (index: number) => string;
  /** Text of the string literal whose object lies at an address. */
  readonly stringAt: (address: bigint) => string | undefined;
  /** Symbol of a NUL-terminated UTF-8 copy of a text. */
  readonly textSymbol: (text: string) => string;
  /** Table index in the function object that lies at an address. */
  readonly functionIndexAt: (address: bigint) => number | undefined;
  /** Symbol of the table that indirect calls go through. */
  readonly tableSymbol: string;
}

/** Where the value of a labelled construct goes, and where leaving it leads. */
export interface LabelTarget {
  readonly block: Block;
  readonly result: VirtualRegister | undefined;
}

/** How expressions inside expressions are lowered; the kinds' own modules do not know each other. */
export interface Recursion {
  /**
   * Returns the register of a value: an i32 sign-extended to 64 bits, an i64 as it is. `want` may be used for the result, and is
   * written by the last instruction only.
   */
  readonly value: (l: Lowering, e: Expression, want?: VirtualRegister) => VirtualRegister;
  readonly statement: (l: Lowering, e: Expression) => void;
}

/** What a function's translation starts from. */
export interface LoweringStart {
  readonly image: ImageContext;
  readonly source: DefinedFunction;
  readonly target: LirFunction;
  readonly facts: LocalFacts;
  readonly recursion: Recursion;
}

interface Preheader {
  readonly block: Block;
  readonly values: Map<string, VirtualRegister>;
}

type NewInstruction = Omit<LirInstruction, 'location'>;

/** The state of one function's translation: blocks under construction, locals, labels, hoisted constants. */
export class Lowering {
  readonly image: ImageContext;
  readonly source: DefinedFunction;
  readonly target: LirFunction;
  readonly facts: LocalFacts;
  readonly recursion: Recursion;
  readonly locals: readonly VirtualRegister[];
  readonly labels = new Map<WasmLabel, LabelTarget>();
  /** a1 after the latest environment call. */
  environmentValue: VirtualRegister | undefined;
  location: SourceLocation | undefined;
  #current: Block | undefined;
  #loopDepth = 0;
  #preheader: Preheader | undefined;
  readonly #localOf = new Map<VirtualRegister, number>();
  #tableCount = 0;

  constructor({ image, source, target, facts, recursion }: LoweringStart) {
    this.image = image;
    this.source = source;
    this.target = target;
    this.facts = facts;
    this.recursion = recursion;
    this.locals = source.locals.map(() => target.newRegister());
    this.locals.forEach((register, index) => this.#localOf.set(register, index));
  }

  newRegister(): VirtualRegister {
    return this.target.newRegister();
  }

  /** The register of a local; the reader checked the index. */
  local(index: number): VirtualRegister {
    return this.locals[index] ?? zeroValue;
  }

  get isReachable(): boolean {
    return this.#current !== undefined;
  }

  get isInLoop(): boolean {
    return this.#preheader !== undefined;
  }

  /** Begins a block; code before it falls through to it. */
  start(block: Block): void {
    if (this.#current) this.end({ kind: 'jump', target: block });
    block.loopDepth = this.#loopDepth;
    this.target.blocks.push(block);
    this.#current = block;
  }

  /** Ends the current block. */
  end(end: BlockEnd): void {
    if (!this.#current) return;
    this.#current.end = end;
    this.#current = undefined;
  }

  emit(instruction: NewInstruction): void {
    if (!this.#current) this.start(new Block());
    this.#current?.instructions.push({ ...instruction, location: this.location });
  }

  /** Emits an instruction with a result and returns the result's register. */
  emitValue(instruction: NewInstruction, want?: VirtualRegister): VirtualRegister {
    const destination = want ?? this.newRegister();
    this.emit({ ...instruction, destination });
    return destination;
  }

  compute(
    mnemonic: string,
    a: VirtualRegister,
    b: VirtualRegister,
    want?: VirtualRegister,
  ): VirtualRegister {
    return this.emitValue({ kind: 'compute', mnemonic, a, b }, want);
  }

  computeImmediate(
    mnemonic: string,
    a: VirtualRegister,
    immediate: bigint,
    want?: VirtualRegister,
  ): VirtualRegister {
    return this.emitValue({ kind: 'compute', mnemonic, a, immediate }, want);
  }

  move(destination: VirtualRegister, a: VirtualRegister): void {
    if (destination !== a) this.emit({ kind: 'move', mnemonic: 'mv', destination, a });
  }

  constant(value: bigint): VirtualRegister {
    if (value === 0n) return zeroValue;
    return this.#hoisted(`constant ${value}`, {
      kind: 'constant',
      mnemonic: 'li',
      immediate: value,
    });
  }

  address(symbol: string): VirtualRegister {
    return this.#hoisted(`address ${symbol}`, { kind: 'address', mnemonic: 'la', symbol });
  }

  tableAddress(table: JumpTable): VirtualRegister {
    return this.#hoisted(`table ${table.id}`, { kind: 'tableAddress', mnemonic: 'la', table });
  }

  /** Constants of a loop are built once, before the outermost loop. */
  #hoisted(key: string, instruction: NewInstruction): VirtualRegister {
    if (!this.#preheader) return this.emitValue(instruction);
    const known = this.#preheader.values.get(key);
    if (known !== undefined) return known;
    const destination = this.newRegister();
    this.#preheader.block.instructions.push({ ...instruction, destination });
    this.#preheader.values.set(key, destination);
    return destination;
  }

  /** Runs the lowering of a loop's body with its depth and preheader in place. */
  inLoop(header: Block, body: () => void): void {
    const isOutermost = this.#preheader === undefined;
    if (isOutermost) {
      const block = new Block();
      this.start(block);
      this.#preheader = { block, values: new Map() };
    }
    this.#loopDepth += 1;
    this.start(header);
    body();
    this.#loopDepth -= 1;
    const exit = new Block();
    if (isOutermost) this.#preheader = undefined;
    if (this.#current) this.start(exit);
  }

  newTable(targets: Block[]): JumpTable {
    this.#tableCount += 1;
    return { id: this.#tableCount, targets };
  }

  /** Keeps a value that is a local's own register from changing while later operands are evaluated. */
  protect(register: VirtualRegister, later: readonly Expression[]): VirtualRegister {
    const local = this.#localOf.get(register);
    if (local === undefined) return register;
    if (!later.some((e) => this.facts.writtenBy(e).has(local))) return register;
    const copy = this.newRegister();
    this.move(copy, register);
    return copy;
  }

  /** Symbol of a function, refusing those that images do not have. */
  functionSymbol(index: number, at: number): string {
    const problem = this.image.problemWith(index);
    return problem === undefined
      ? this.image.functionSymbol(index)
      : this.fail(`${this.target.name} ${problem}`, at);
  }

  fail(message: string, at?: number): never {
    const location = at === undefined ? this.location : this.image.module.locationAt(at);
    throw new CompileError(message, location ?? this.location ?? this.target.location);
  }
}
