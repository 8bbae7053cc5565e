import { instructionByName, operandsIn } from '../../../hw/isa/index.ts';
import { scratchRegisters } from '../allocate/machine-registers.ts';
import type { CodeBuilder } from '../assembly/code-builder.ts';
import { registers, type Register } from '../assembly/register.ts';
import type { LirInstruction } from '../lir/instruction.ts';
import type { ValueEmitter } from './value-emitter.ts';

const { zero, ra, sp, tp } = registers;
const { first: scratch, second: secondScratch } = scratchRegisters;

/** Turns one instruction of the low-level representation into machine instructions. */
export class InstructionEmitter {
  readonly #code: CodeBuilder;
  readonly #values: ValueEmitter;

  constructor(code: CodeBuilder, values: ValueEmitter) {
    this.#code = code;
    this.#values = values;
  }

  emit(i: LirInstruction): void {
    switch (i.kind) {
      case 'compute':
        this.#compute(i);
        break;
      case 'load':
      case 'store':
      case 'loadGlobal':
      case 'storeGlobal':
        this.#access(i);
        break;
      case 'move': {
        const from = this.#a(i);
        this.#write(i, (rd) => this.#code.move(rd, from));
        break;
      }
      case 'constant':
      case 'address':
      case 'tableAddress':
        this.#write(i, (rd) => this.#values.build(i, rd));
        break;
      case 'call':
      case 'callRegister':
      case 'environmentCall':
        this.#call(i);
        break;
      case 'parameters':
        this.#values.receive(i.definitions ?? []);
        break;
      case 'csr': {
        const rs1 = this.#a(i);
        const csr = i.immediate ?? 0n;
        this.#write(i, (rd) => this.#code.instruction(i.mnemonic, { rd, csr, rs1 }));
        break;
      }
      case 'machine':
        this.#machine(i);
        break;
      case 'probe':
        this.#code.probe(i.symbol ?? '');
        break;
    }
  }

  #a(i: LirInstruction): Register {
    return this.#values.read(i.a, scratch);
  }

  #b(i: LirInstruction): Register {
    return this.#values.read(i.b, secondScratch);
  }

  #write(i: LirInstruction, emit: (rd: Register) => void): void {
    this.#values.write(i.destination, emit);
  }

  #compute(i: LirInstruction): void {
    const a = this.#a(i);
    const value = i.immediate;
    if (value !== undefined) {
      this.#write(i, (rd) => this.#code.immediate(i.mnemonic, rd, a, value));
      return;
    }
    const b = this.#b(i);
    this.#write(i, (rd) => this.#code.registers3(i.mnemonic, rd, a, b));
  }

  #access(i: LirInstruction): void {
    const { mnemonic, immediate = 0n, symbol = '' } = i;
    const code = this.#code;
    switch (i.kind) {
      case 'load': {
        const base = this.#a(i);
        this.#write(i, (rd) => code.load(mnemonic, rd, immediate, base));
        break;
      }
      case 'store': {
        const value = this.#b(i);
        code.store(mnemonic, value, immediate, this.#a(i));
        break;
      }
      case 'loadGlobal':
        this.#write(i, (rd) => code.loadSymbol(mnemonic, rd === zero ? scratch : rd, symbol));
        break;
      default: {
        const value = this.#values.read(i.a, secondScratch);
        code.storeSymbol(mnemonic, value, symbol, scratch);
      }
    }
  }

  #call(i: LirInstruction): void {
    const code = this.#code;
    if (i.kind === 'callRegister') {
      code.move(secondScratch, this.#values.read(i.a, secondScratch));
    }
    this.#values.pass(i.operands ?? [], i.operandRegisters);
    if (i.kind === 'call') code.call(i.symbol ?? '');
    else if (i.kind === 'callRegister') code.jumpRegister(secondScratch, ra);
    else code.instruction('ecall');
    const result = i.destination === undefined ? [] : [i.destination];
    this.#values.receive(i.definitions ?? result);
  }

  #machine(i: LirInstruction): void {
    const code = this.#code;
    switch (i.mnemonic) {
      case 'read tp':
        this.#write(i, (rd) => code.move(rd, tp));
        break;
      case 'read sp':
        this.#write(i, (rd) => code.move(rd, sp));
        break;
      case 'write tp':
        code.move(tp, this.#a(i));
        break;
      case 'fence': {
        const sets = Number(i.immediate ?? 0n);
        const ordered = { pred: sets >> 4, succ: sets & 15 };
        code.instruction('fence', { ...ordered, rd: zero, rs1: zero, fm: 0 });
        break;
      }
      default:
        this.#row(i);
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
    this.#write(i, (rd) =>
      this.#code.instruction(i.mnemonic, {
        ...(written.has('rd') ? { rd } : {}),
        ...(written.has('rs1') ? { rs1 } : {}),
        ...(written.has('rs2') ? { rs2 } : {}),
        ...(hasOrdering ? { aq: 1, rl: 1 } : {}),
      }),
    );
  }
}
