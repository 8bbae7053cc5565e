import type { Expression, Local } from '../isa/index.ts';
import type { Code } from './code.ts';

/** Puts the values that an instruction starts from on the stack, each of 64 bits. */
export interface Operands {
  register(operand: 'rs1' | 'rs2'): void;
  floatRegister(operand: 'frs1' | 'frs2' | 'frs3'): void;
  immediate(): void;
  pc(): void;
  nextPc(): void;
}

/** Locals of the function by the locals of the expressions. */
export type BoundLocals = Map<Local, number>;

/** Appends code that leaves the value of an expression on the stack: one WebAssembly instruction per operation. */
export function emitExpression(
  code: Code,
  node: Expression,
  operands: Operands,
  locals: BoundLocals,
): void {
  const emit = (part: Expression): void => {
    emitExpression(code, part, operands, locals);
  };
  switch (node.kind) {
    case 'constant':
      if (node.type === 'i32') code.i32(node.value);
      else code.i64(node.value);
      return;
    case 'register':
      operands.register(node.operand);
      return;
    case 'floatRegister':
      operands.floatRegister(node.operand);
      return;
    case 'immediate':
      operands.immediate();
      return;
    case 'pc':
      operands.pc();
      return;
    case 'nextPc':
      operands.nextPc();
      return;
    case 'local':
      code.get(indexOf(code, locals, node));
      return;
    case 'unary':
      emit(node.operand);
      code.op(node.op);
      return;
    case 'binary':
      emit(node.left);
      emit(node.right);
      code.op(node.op);
      return;
    case 'select':
      emit(node.whenTrue);
      emit(node.whenFalse);
      emit(node.condition);
      code.select();
      return;
    case 'if':
      emit(node.condition);
      code.if(node.type);
      emit(node.whenTrue);
      code.else();
      emit(node.whenFalse);
      code.end();
      return;
    case 'let':
      emit(node.value);
      code.set(indexOf(code, locals, node.local));
      emit(node.body);
  }
}

/** The function's local that holds an expression's local. */
export function indexOf(code: Code, locals: BoundLocals, local: Local): number {
  let index = locals.get(local);
  if (index === undefined) {
    index = code.local(local.type);
    locals.set(local, index);
  }
  return index;
}
