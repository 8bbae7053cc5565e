export type { AccessBytes, BusPort, RamWindow } from './bus-port.ts';
export { CycleTree, type Mechanism } from './cycle-tree.ts';
export {
  MachineMemory,
  wasmPageBytes,
  type MemoryArea,
  type WasmMemory,
} from './machine-memory.ts';
export type { Runner } from './runner.ts';
