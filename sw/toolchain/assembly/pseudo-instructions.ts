import type { CodeBuilder } from './code-builder.ts';
import type { SymbolName } from './code.ts';
import { csrNumber } from './csr-number.ts';
import type { Label, PseudoInstructions, Target } from './macro-assembler.ts';
import { registers } from './register.ts';

const { zero, ra } = registers;

/** Labels of one function, by identity. */
export class LabelNames {
  readonly #names = new Map<Label, SymbolName>();
  readonly #placed = new Set<Label>();
  readonly #code: CodeBuilder;

  constructor(code: CodeBuilder) {
    this.#code = code;
  }

  add(hint: string | undefined): Label {
    const label = Object.freeze({}) as Label;
    this.#names.set(label, this.#code.newLabel(hint));
    return label;
  }

  place(label: Label): void {
    if (this.#placed.has(label)) throw new Error(`label ${this.nameOf(label)} is placed twice`);
    this.#placed.add(label);
    this.#code.label(this.nameOf(label));
  }

  nameOf = (target: Target): SymbolName => {
    if (typeof target === 'string') return target;
    const name = this.#names.get(target);
    if (name === undefined) throw new Error('label belongs to another function');
    return name;
  };

  checkAllPlaced(): void {
    for (const [label, name] of this.#names) {
      if (!this.#placed.has(label)) throw new Error(`label ${name} is never placed`);
    }
  }
}

/** Operand bits of `fence` by letter: device input and output, memory reads and writes. */
function fenceSet(letters: string): number {
  return Array.from(letters).reduce((set, letter) => set | (8 >> 'iorw'.indexOf(letter)), 0);
}

/** The pseudo-instructions and directives of the assembly language (unpriv 35.3). */
export function pseudoInstructions(code: CodeBuilder, labels: LabelNames): PseudoInstructions {
  const { nameOf } = labels;
  const csrAccess = (mnemonic: string, csr: string, operand: Record<string, number>) =>
    code.instruction(mnemonic, { csr: csrNumber(csr), ...operand });
  return {
    nop: () => code.immediate('addi', zero, zero, 0),
    li: (rd, value) => code.constant(rd, BigInt(value)),
    la: (rd, target, offset = 0) => code.address(rd, nameOf(target), BigInt(offset)),
    mv: (rd, rs) => code.immediate('addi', rd, rs, 0),
    not: (rd, rs) => code.immediate('xori', rd, rs, -1),
    neg: (rd, rs) => code.registers3('sub', rd, zero, rs),
    sext_w: (rd, rs) => code.immediate('addiw', rd, rs, 0),
    seqz: (rd, rs) => code.immediate('sltiu', rd, rs, 1),
    snez: (rd, rs) => code.registers3('sltu', rd, zero, rs),
    beqz: (rs, target) => code.branch('beq', rs, zero, nameOf(target)),
    bnez: (rs, target) => code.branch('bne', rs, zero, nameOf(target)),
    bltz: (rs, target) => code.branch('blt', rs, zero, nameOf(target)),
    bgez: (rs, target) => code.branch('bge', rs, zero, nameOf(target)),
    blez: (rs, target) => code.branch('bge', zero, rs, nameOf(target)),
    bgtz: (rs, target) => code.branch('blt', zero, rs, nameOf(target)),
    j: (target) => code.jump(nameOf(target)),
    jr: (rs) => code.jumpRegister(rs),
    call: (symbol) => code.call(nameOf(symbol)),
    tail: (symbol) => code.jump(nameOf(symbol)),
    ret: () => code.jumpRegister(ra),
    csrr: (rd, csr) => csrAccess('csrrs', csr, { rd, rs1: zero }),
    csrw: (csr, rs) => csrAccess('csrrw', csr, { rd: zero, rs1: rs }),
    csrs: (csr, rs) => csrAccess('csrrs', csr, { rd: zero, rs1: rs }),
    csrc: (csr, rs) => csrAccess('csrrc', csr, { rd: zero, rs1: rs }),
    csrwi: (csr, value) => csrAccess('csrrwi', csr, { rd: zero, uimm: value }),
    csrsi: (csr, bits) => csrAccess('csrrsi', csr, { rd: zero, uimm: bits }),
    csrci: (csr, bits) => csrAccess('csrrci', csr, { rd: zero, uimm: bits }),
    fence: (predecessor = 'iorw', successor = 'iorw') =>
      code.instruction('fence', {
        ...{ pred: fenceSet(predecessor), succ: fenceSet(successor), rd: zero, rs1: zero, fm: 0 },
      }),
    label: (name) => labels.add(name),
    place: (label) => labels.place(label),
    here: (name) => {
      const label = labels.add(name);
      labels.place(label);
      return label;
    },
    symbol: (name) => code.label(name),
    probe: (name) => code.probe(name),
    align: (bytes) => code.align(bytes),
    word: (...values) => values.forEach((value) => code.word(value)),
    dword: (...values) => {
      for (const value of values) {
        if (typeof value !== 'bigint') {
          code.symbolWord(nameOf(value));
          continue;
        }
        code.word(Number(BigInt.asUintN(32, value)));
        code.word(Number(BigInt.asUintN(32, value >> 32n)));
      }
    },
  };
}
