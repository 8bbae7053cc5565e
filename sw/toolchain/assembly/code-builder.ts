import { encodeRow, instructionByName } from '../../../hw/isa/index.ts';
import type { SourceLocation } from '../diagnostics/compile-error.ts';
import type { BranchMnemonic } from '../lir/block.ts';
import type { CodeItem, SymbolName } from './code.ts';
import { constantSequence } from './constant-sequence.ts';
import { registers, type Register } from './register.ts';

const { zero, ra, t6 } = registers;

/** A longer sequence costs more than `auipc` and a load that hits the cache. */
const longestConstant = 3;

/** Encodes one instruction by the name of its row in hw/isa. */
export function encodeInstruction(
  mnemonic: string,
  operands: Readonly<Partial<Record<string, number | bigint>>>,
): number {
  const row = instructionByName(mnemonic);
  if (!row) throw new Error(`there is no instruction ${mnemonic}`);
  return encodeRow(row, operands);
}

/** Shifts by an immediate name it differently from other immediates. */
function immediateName(mnemonic: string): 'shamt' | 'imm' {
  return /^s(ll|rl|ra)iw?$/.test(mnemonic) ? 'shamt' : 'imm';
}

/** Appends machine code and directives; both the compiler and the macro assembler write through it. */
export class CodeBuilder {
  readonly items: CodeItem[] = [];
  readonly #prefix: string;
  readonly #probeCounts = new Map<string, number>();
  readonly #pool = new Map<bigint, SymbolName>();
  #labelCount = 0;

  /** `prefix` keeps the labels of several builders of one image apart. */
  constructor(prefix = 'L') {
    this.#prefix = prefix;
  }

  /** A label name that no source can contain. */
  newLabel(hint = ''): SymbolName {
    this.#labelCount += 1;
    return `.${this.#prefix}${this.#labelCount}${hint}`;
  }

  label(name: SymbolName): void {
    this.items.push({ kind: 'label', name });
  }

  beginFunction(name: SymbolName, alignment = 4): void {
    this.items.push({ kind: 'function', name, alignment });
  }

  endFunction(name: SymbolName): void {
    this.items.push({ kind: 'functionEnd', name });
  }

  location(location: SourceLocation): void {
    this.items.push({ kind: 'location', location });
  }

  probe(name: string): void {
    const count = this.#probeCounts.get(name) ?? 0;
    this.#probeCounts.set(name, count + 1);
    this.label(`probe$${name}$${count}`);
  }

  word(word: number): void {
    this.items.push({ kind: 'word', word: word >>> 0 });
  }

  align(bytes: number): void {
    this.items.push({ kind: 'align', bytes });
  }

  bytes(bytes: Uint8Array): void {
    this.items.push({ kind: 'bytes', bytes });
  }

  symbolWord(target: SymbolName): void {
    this.items.push({ kind: 'symbolWord', target });
  }

  instruction(
    mnemonic: string,
    operands: Readonly<Partial<Record<string, number | bigint>>> = {},
  ): void {
    this.word(encodeInstruction(mnemonic, operands));
  }

  registers3(mnemonic: string, rd: Register, rs1: Register, rs2: Register): void {
    this.instruction(mnemonic, { rd, rs1, rs2 });
  }

  immediate(mnemonic: string, rd: Register, rs1: Register, value: number | bigint): void {
    this.instruction(mnemonic, { rd, rs1, [immediateName(mnemonic)]: value });
  }

  load(mnemonic: string, rd: Register, offset: number | bigint, rs1: Register): void {
    this.instruction(mnemonic, { rd, rs1, imm: offset });
  }

  store(mnemonic: string, rs2: Register, offset: number | bigint, rs1: Register): void {
    this.instruction(mnemonic, { rs2, rs1, imm: offset });
  }

  move(rd: Register, rs: Register): void {
    if (rd !== rs) this.immediate('addi', rd, rs, 0);
  }

  /** Builds a constant in place, or loads it from read-only data where that is shorter. */
  pooledConstant(rd: Register, value: bigint): void {
    if (rd === zero || constantSequence(value).length <= longestConstant) {
      this.constant(rd, value);
      return;
    }
    let symbol = this.#pool.get(value);
    if (symbol === undefined) {
      symbol = this.newLabel('constant');
      this.#pool.set(value, symbol);
    }
    this.loadSymbol('ld', rd, symbol);
  }

  /** Constants that `pooledConstant` expects in read-only data. */
  get pool(): ReadonlyMap<bigint, SymbolName> {
    return this.#pool;
  }

  constant(rd: Register, value: bigint): void {
    let source = zero;
    for (const { mnemonic, immediate } of constantSequence(value)) {
      if (mnemonic === 'lui') this.instruction('lui', { rd, imm: immediate });
      else this.immediate(mnemonic, rd, source, immediate);
      source = rd;
    }
  }

  address(rd: Register, target: SymbolName, offset = 0n): void {
    this.items.push({ kind: 'address', rd, target, offset });
  }

  loadSymbol(mnemonic: string, rd: Register, target: SymbolName): void {
    this.items.push({ kind: 'access', mnemonic, register: rd, base: rd, target, isStore: false });
  }

  storeSymbol(mnemonic: string, rs: Register, target: SymbolName, base: Register): void {
    this.items.push({ kind: 'access', mnemonic, register: rs, base, target, isStore: true });
  }

  branch(mnemonic: BranchMnemonic, rs1: Register, rs2: Register, target: SymbolName): void {
    this.items.push({ kind: 'branch', mnemonic, rs1, rs2, target });
  }

  jump(target: SymbolName): void {
    this.items.push({ kind: 'jump', link: zero, target, scratch: t6 });
  }

  call(target: SymbolName): void {
    this.items.push({ kind: 'jump', link: ra, target, scratch: ra });
  }

  jumpRegister(rs1: Register, link: Register = zero): void {
    this.instruction('jalr', { rd: link, rs1, imm: 0 });
  }
}
