export type { AccessBytes, BusPort, RamWindow } from './bus-port.ts';
export { CheckpointedParts, type Checkpointed, type Parts } from './checkpointed.ts';
export { Circuit, type CircuitSettings } from './circuit.ts';
export { ClockDomain } from './clock-domain.ts';
export { Component } from './component.ts';
export {
  defineComponent,
  defineDevice,
  type ComponentDefinition,
  type Context,
  type Inputs,
  type OptionsSchema,
  type Outputs,
  type PlatformFact,
  type Register,
  type RegisterContext,
} from './component-definition.ts';
export { CycleTree, type Mechanism } from './cycle-tree.ts';
export { endpointsOf, type Endpoint } from './endpoint.ts';
export { EventHeap, type Event } from './event-heap.ts';
export { EventQueue, Priority } from './event-queue.ts';
export { HeapScheduler } from './heap-scheduler.ts';
export {
  MachineMemory,
  wasmPageBytes,
  type ByteRange,
  type MemoryArea,
  type WasmMemory,
} from './machine-memory.ts';
export type { MmioTarget } from './mmio-target.ts';
export {
  clock,
  initiator,
  input,
  inputs,
  optionalInputs,
  output,
  outputs,
  sampled,
  stream,
  type Port,
  type PortDirection,
  type Ports,
} from './ports.ts';
export type { Runner, Team } from './runner.ts';
export { Scheduler, type Quantum, type RunOutcome } from './scheduler.ts';
export { Signal, type Sink } from './signal.ts';
export { line, word, type SignalType } from './signal-type.ts';
export { Statistics, type Counter, type FigureDescription, type Snapshot } from './statistics.ts';
export { maximumTick } from './time.ts';
export type { RegisterAccess, SignalChange, StateChange, TraceHub } from './trace.ts';
