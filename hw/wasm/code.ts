import type { BinaryOp, UnaryOp } from '../isa/index.ts';
import { ByteWriter } from './byte-writer.ts';
import {
  floatOpcodes,
  type FloatOp,
  type LoadOp,
  loadOpcodes,
  numericOpcodes,
  type StoreOp,
  storeOpcodes,
  typeCodes,
  type WasmType,
} from './opcodes.ts';

const Control = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  branch: 0x0c,
  branchIf: 0x0d,
  branchTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  drop: 0x1a,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  i32Const: 0x41,
  i64Const: 0x42,
  f64Const: 0x44,
} as const;

const EMPTY = 0x40;

/** A conditional branch of which it is known which way it goes nearly always: an `if` enters its first arm, a `br_if` branches. */
export interface BranchHint {
  /** Where it is in the body as the code section holds it. */
  readonly offset: number;
  readonly isLikely: boolean;
}

/** A block, loop or `if` that is open; branches name it. */
export interface Label {
  readonly depth: number;
}

/**
 * The body of one function, written instruction by instruction. Locals are numbered from the parameters on; blocks are
 * closed in the reverse order of opening.
 */
export class Code {
  readonly parameters: readonly WasmType[];
  readonly #locals: WasmType[] = [];
  readonly #scratch = new Map<string, number>();
  readonly #out = new ByteWriter();
  readonly #hints: BranchHint[] = [];
  #depth = 0;

  constructor(parameters: readonly WasmType[]) {
    this.parameters = parameters;
  }

  /** Adds a local variable, which begins as 0. */
  local(type: WasmType): number {
    this.#locals.push(type);
    return this.parameters.length + this.#locals.length - 1;
  }

  /** A local variable by name, for values that do not outlive the code that asks; made on first use. */
  scratch(name: string, type: WasmType): number {
    let local = this.#scratch.get(name);
    if (local === undefined) {
      local = this.local(type);
      this.#scratch.set(name, local);
    }
    return local;
  }

  get(local: number): void {
    this.#indexed(Control.localGet, local);
  }

  set(local: number): void {
    this.#indexed(Control.localSet, local);
  }

  tee(local: number): void {
    this.#indexed(Control.localTee, local);
  }

  i32(value: number): void {
    this.#out.byte(Control.i32Const);
    this.#out.signed(value);
  }

  i64(value: bigint): void {
    this.#out.byte(Control.i64Const);
    this.#out.signed64(value);
  }

  f64(value: number): void {
    this.#out.byte(Control.f64Const);
    this.#out.append(new Uint8Array(new Float64Array([value]).buffer));
  }

  /** A numeric instruction. */
  op(name: BinaryOp | UnaryOp): void {
    this.#out.byte(numericOpcodes[name]);
  }

  /** A floating-point instruction, or a move between the types. */
  float(name: FloatOp): void {
    this.#out.byte(floatOpcodes[name]);
  }

  /** Reads memory at the address on the stack plus `offset`; no alignment is promised. */
  load(name: LoadOp, offset = 0): void {
    this.#access(loadOpcodes[name], offset);
  }

  /** Writes the value on the stack to the address below it plus `offset`; no alignment is promised. */
  store(name: StoreOp, offset = 0): void {
    this.#access(storeOpcodes[name], offset);
  }

  select(): void {
    this.#out.byte(Control.select);
  }

  drop(): void {
    this.#out.byte(Control.drop);
  }

  unreachable(): void {
    this.#out.byte(Control.unreachable);
  }

  return(): void {
    this.#out.byte(Control.return);
  }

  call(functionIndex: number): void {
    this.#indexed(Control.call, functionIndex);
  }

  /** Calls the function of table 0 whose number is on the stack. */
  callIndirect(typeIndex: number): void {
    this.#indexed(Control.callIndirect, typeIndex);
    this.#out.byte(0);
  }

  /** The next `if` or conditional branch is hardly ever taken. */
  unlikely(): void {
    this.#hints.push({ offset: this.#out.length, isLikely: false });
  }

  /** The next `if` or conditional branch is nearly always taken. */
  likely(): void {
    this.#hints.push({ offset: this.#out.length, isLikely: true });
  }

  block(result?: WasmType): Label {
    return this.#open(Control.block, result);
  }

  loop(result?: WasmType): Label {
    return this.#open(Control.loop, result);
  }

  if(result?: WasmType): Label {
    return this.#open(Control.if, result);
  }

  else(): void {
    this.#out.byte(Control.else);
  }

  end(): void {
    this.#depth -= 1;
    this.#out.byte(Control.end);
  }

  /** Goes to the end of a block or `if`, or to the start of a loop. */
  branch(label: Label): void {
    this.#indexed(Control.branch, this.#depth - label.depth);
  }

  branchIf(label: Label): void {
    this.#indexed(Control.branchIf, this.#depth - label.depth);
  }

  /** Goes to the label whose number is on the stack, or to `otherwise`. */
  branchTable(labels: readonly Label[], otherwise: Label): void {
    this.#indexed(Control.branchTable, labels.length);
    for (const label of [...labels, otherwise]) this.#out.unsigned(this.#depth - label.depth);
  }

  /** The body as the code section holds it, without its length. */
  toBytes(): Uint8Array {
    if (this.#depth !== 0) throw new Error('a block of the function is still open');
    const body = this.#declarations();
    body.append(this.#out.toBytes());
    body.byte(Control.end);
    return body.toBytes();
  }

  /** What is known of the conditional branches of the body, in its order. */
  branchHints(): readonly BranchHint[] {
    const start = this.#declarations().length;
    return this.#hints.map(({ offset, isLikely }) => ({ offset: start + offset, isLikely }));
  }

  #declarations(): ByteWriter {
    const out = new ByteWriter();
    const runs = runsOf(this.#locals);
    out.unsigned(runs.length);
    for (const { type, count } of runs) {
      out.unsigned(count);
      out.byte(typeCodes[type]);
    }
    return out;
  }

  #open(opcode: number, result: WasmType | undefined): Label {
    this.#out.byte(opcode);
    this.#out.byte(result === undefined ? EMPTY : typeCodes[result]);
    this.#depth += 1;
    return { depth: this.#depth };
  }

  #indexed(opcode: number, index: number): void {
    this.#out.byte(opcode);
    this.#out.unsigned(index);
  }

  #access(opcode: number, offset: number): void {
    this.#out.byte(opcode);
    this.#out.byte(0);
    this.#out.unsigned(offset);
  }
}

function runsOf(types: readonly WasmType[]): readonly { type: WasmType; count: number }[] {
  const runs: { type: WasmType; count: number }[] = [];
  for (const type of types) {
    const last = runs.at(-1);
    if (last?.type === type) last.count += 1;
    else runs.push({ type, count: 1 });
  }
  return runs;
}
