export { Code, type Label } from './code.ts';
export {
  type BoundLocals,
  emitExpression,
  indexOf as localOf,
  type Operands,
} from './expression-emitter.ts';
export {
  compile,
  functionTable,
  instantiate,
  type WasmFunction,
  type WasmImports,
  type WasmModule,
  type WasmTable,
} from './host.ts';
export { ModuleWriter, type Signature } from './module.ts';
export { type Term, Terms } from './terms.ts';
export {
  type FloatOp,
  type LoadOp,
  numericOpcodes,
  type StoreOp,
  type WasmType,
} from './opcodes.ts';
