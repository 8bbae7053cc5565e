import { CompileError, type SourceLocation } from '../diagnostics/compile-error.ts';
import type { ByteReader } from './byte-reader.ts';
import { ExpressionStack } from './expression-stack.ts';
import type { Expression, ValueType, WasmLabel } from './expression.ts';
import type { DefinedFunction, FunctionType } from './module.ts';
import { readValueType, type ModuleHeader } from './module-header.ts';
import {
  binaryOpcodes,
  isFloatOpcode,
  loadOpcodes,
  storeOpcodes,
  unaryOpcodes,
} from './operators.ts';

interface FunctionSource {
  readonly reader: ByteReader;
  readonly header: ModuleHeader;
  readonly name: string;
  readonly type: FunctionType;
  readonly locationAt: (offset: number) => SourceLocation | undefined;
}

type Terminator = 'end' | 'else';

class FunctionReader {
  readonly #source: FunctionSource;
  readonly #reader: ByteReader;
  readonly #locals: ValueType[];
  readonly #labels: WasmLabel[] = [];
  #terminator: Terminator = 'end';

  constructor(source: FunctionSource) {
    this.#source = source;
    this.#reader = source.reader;
    this.#locals = [...source.type.parameters];
  }

  read(): DefinedFunction {
    const { name, type } = this.#source;
    const at = this.#reader.position;
    this.#reader.vector(() => {
      const count = this.#reader.unsigned();
      const local = readValueType(this.#reader);
      if (!local) this.#fail(at, `function ${name} uses floating-point or vector values`);
      for (let i = 0; i < count; i += 1) this.#locals.push(local);
    });
    const body = this.#sequence({ kind: 'function', type: type.result });
    const locals = this.#locals;
    return { kind: 'defined', name, type, locals, body, at };
  }

  #fail(at: number, message: string): never {
    throw new CompileError(message, this.#source.locationAt(at));
  }

  #newLocal = (type: ValueType): number => this.#locals.push(type) - 1;

  #localType(index: number): ValueType {
    return this.#locals[index] ?? 'i64';
  }

  #label(depth: number): WasmLabel {
    const label = this.#labels[this.#labels.length - 1 - depth];
    if (!label) throw new CompileError(`function ${this.#source.name}: branch without a label`);
    return label;
  }

  /** Reads up to the matching `end` or `else`, leaving out what can never run. */
  #sequence(label: WasmLabel): Expression[] {
    this.#labels.push(label);
    const stack = new ExpressionStack(this.#newLocal);
    while (this.#instruction(stack));
    this.#labels.pop();
    return stack.finish();
  }

  #instruction(stack: ExpressionStack): boolean {
    const at = this.#reader.position;
    const opcode = this.#reader.byte();
    if (opcode === 0x0b || opcode === 0x05) {
      this.#terminator = opcode === 0x0b ? 'end' : 'else';
      return false;
    }
    const isControl = opcode <= 0x11 || opcode === 0x1a || opcode === 0x1b;
    if (isControl) this.#control(stack, opcode, at);
    else this.#operation(stack, opcode, at);
    return true;
  }

  #control(stack: ExpressionStack, opcode: number, at: number): void {
    const reader = this.#reader;
    switch (opcode) {
      case 0x00: {
        stack.terminate({ kind: 'unreachable', at, type: undefined });
        return;
      }
      case 0x01:
        return;
      case 0x02:
      case 0x03:
      case 0x04: {
        this.#construct(stack, opcode, at);
        return;
      }
      case 0x0c: {
        const label = this.#label(reader.unsigned());
        const value = this.#branchValue(stack, label);
        stack.terminate({
          kind: 'branch',
          at,
          type: undefined,
          label,
          condition: undefined,
          value,
        });
        return;
      }
      case 0x0d: {
        const label = this.#label(reader.unsigned());
        const condition = stack.pop();
        const value = this.#branchValue(stack, label);
        stack.push({ kind: 'branch', at, type: value?.type, label, condition, value });
        return;
      }
      case 0x0e: {
        const labels = reader.vector(() => this.#label(reader.unsigned()));
        const otherwise = this.#label(reader.unsigned());
        const selector = stack.pop();
        const value = this.#branchValue(stack, otherwise);
        stack.terminate({
          kind: 'switch',
          at,
          type: undefined,
          labels,
          otherwise,
          selector,
          value,
        });
        return;
      }
      case 0x0f: {
        const value = this.#source.type.result ? stack.pop() : undefined;
        stack.terminate({ kind: 'return', at, type: undefined, value });
        return;
      }
      case 0x10: {
        const callee = reader.unsigned();
        const type = this.#calleeType(callee, at);
        const operands = stack.popMany(type.parameters.length);
        stack.push({ kind: 'call', at, type: type.result, callee, operands });
        return;
      }
      case 0x11: {
        const type = this.#source.header.types[reader.unsigned()];
        reader.unsigned();
        if (!type) this.#fail(at, 'indirect call with a parameter that is no integer');
        const selector = stack.pop();
        const operands = stack.popMany(type.parameters.length);
        stack.push({ kind: 'callIndirect', at, type: type.result, selector, operands });
        return;
      }
      case 0x1a: {
        stack.push({ kind: 'drop', at, type: undefined, value: stack.pop() });
        return;
      }
      case 0x1b: {
        const condition = stack.pop();
        const whenFalse = stack.pop();
        const whenTrue = stack.pop();
        const type = whenTrue.type ?? whenFalse.type ?? 'i64';
        stack.push({ kind: 'select', at, type, condition, whenTrue, whenFalse });
        return;
      }
      default:
        this.#fail(at, `WebAssembly instruction 0x${opcode.toString(16)} is not supported`);
    }
  }

  #branchValue(stack: ExpressionStack, label: WasmLabel): Expression | undefined {
    return label.kind !== 'loop' && label.type ? stack.pop() : undefined;
  }

  #calleeType(callee: number, at: number): FunctionType {
    const { imports, signatures, types } = this.#source.header;
    const type = imports[callee]?.type ?? types[signatures[callee - imports.length] ?? -1];
    if (!type) this.#fail(at, 'call of a function with a parameter that is no integer');
    return type;
  }

  #construct(stack: ExpressionStack, opcode: number, at: number): void {
    const code = Number(this.#reader.signed(33));
    const type = code === -1 ? ('i32' as const) : code === -2 ? ('i64' as const) : undefined;
    if (!type && code !== -64) this.#fail(at, 'block of a type that is no integer');
    const condition = opcode === 0x04 ? stack.pop() : undefined;
    const kind = opcode === 0x02 ? 'block' : opcode === 0x03 ? 'loop' : 'if';
    const label: WasmLabel = { kind, type };
    const body = this.#sequence(label);
    if (kind === 'block' || kind === 'loop') {
      stack.push({ kind, at, type, label, body });
      return;
    }
    if (!condition) return;
    const whenFalse = this.#terminator === 'else' ? this.#sequence(label) : [];
    stack.push({ kind: 'if', at, type, label, condition, whenTrue: body, whenFalse });
  }

  #operation(stack: ExpressionStack, opcode: number, at: number): void {
    const reader = this.#reader;
    const binary = binaryOpcodes.get(opcode);
    if (binary) {
      const right = stack.pop();
      const left = stack.pop();
      stack.push({ kind: 'binary', at, ...binary, left, right });
      return;
    }
    const unary = unaryOpcodes.get(opcode);
    if (unary) {
      stack.push({ kind: 'unary', at, ...unary, value: stack.pop() });
      return;
    }
    const load = loadOpcodes.get(opcode);
    if (load) {
      reader.unsigned();
      const offset = reader.unsigned64();
      stack.push({ kind: 'load', at, ...load, offset, address: stack.pop() });
      return;
    }
    const bytes = storeOpcodes.get(opcode);
    if (bytes) {
      reader.unsigned();
      const offset = reader.unsigned64();
      const value = stack.pop();
      const address = stack.pop();
      stack.push({ kind: 'store', at, type: undefined, bytes, address, value, offset });
      return;
    }
    this.#variable(stack, opcode, at);
  }

  #variable(stack: ExpressionStack, opcode: number, at: number): void {
    const reader = this.#reader;
    switch (opcode) {
      case 0x20: {
        const index = reader.unsigned();
        stack.push({ kind: 'localGet', at, type: this.#localType(index), index });
        return;
      }
      case 0x21: {
        const index = reader.unsigned();
        stack.push({ kind: 'localSet', at, type: undefined, index, value: stack.pop() });
        return;
      }
      case 0x22: {
        const index = reader.unsigned();
        const type = this.#localType(index);
        stack.push({ kind: 'localTee', at, type, index, value: stack.pop() });
        return;
      }
      case 0x23: {
        const index = reader.unsigned();
        stack.push({ kind: 'globalGet', at, type: this.#globalType(index), index });
        return;
      }
      case 0x24: {
        const index = reader.unsigned();
        stack.push({ kind: 'globalSet', at, type: undefined, index, value: stack.pop() });
        return;
      }
      case 0x41: {
        stack.push({ kind: 'constant', at, type: 'i32', value: reader.signed(32) });
        return;
      }
      case 0x42: {
        stack.push({ kind: 'constant', at, type: 'i64', value: reader.signed(64) });
        return;
      }
      default: {
        const name = `0x${opcode.toString(16)}`;
        const reason = isFloatOpcode(opcode) ? 'floating-point arithmetic is' : `${name} is`;
        this.#fail(at, `${reason} not supported (function ${this.#source.name})`);
      }
    }
  }

  #globalType(index: number): ValueType {
    return this.#source.header.globalTypes[index] ?? 'i64';
  }
}

/** Reads one function's code into expression trees. */
export function readFunctionBody(source: FunctionSource): DefinedFunction {
  return new FunctionReader(source).read();
}
