const functions = [
  '__alloc(size: usize): usize',
  '__realloc(ptr: usize, size: usize): usize',
  '__free(ptr: usize): void',
  '__reset(): void',
  '__new(size: usize, id: u32): usize',
  '__renew(oldPtr: usize, size: usize): usize',
  '__link(parentPtr: usize, childPtr: usize, expectMultiple: bool): void',
  '__pin(ptr: usize): usize',
  '__unpin(ptr: usize): void',
  '__visit(ptr: usize, cookie: u32): void',
  '__collect(): void',
];

/** WebAssembly module that the runtime's functions are imported from: the last part of its path. */
export const absentRuntimeModule = 'stub';

/** The garbage-collected runtime as declarations without bodies, so that whoever needs it is told so with the place. */
export const absentRuntime = functions
  .map((signature) => `@global export declare function ${signature};`)
  .join('\n');
