import type { CallNode } from './call-tree.ts';

/** A function in execution. The outermost of a stack has nobody to return to. */
export interface Frame {
  node: CallNode;
  /** The node of its caller; of the outermost function the root of the stack's mode. */
  readonly caller: CallNode;
  /** Where it returns to, and the stack pointer at its call. */
  readonly returnTo: bigint | undefined;
  readonly stackPointer: bigint;
}

/** Functions in execution in one mode, the innermost last. */
export type CallStack = Frame[];

/** The frame that a return to an address leaves, by its place; -1 if no call has announced it. */
export function frameReturningTo(stack: CallStack, target: bigint, stackPointer: bigint): number {
  return stack.findLastIndex((frame) => {
    return frame.returnTo === target && frame.stackPointer === stackPointer;
  });
}

/** A stack with the same functions below another root: one that has come from another hart. */
export function rooted(stack: CallStack, root: CallNode): CallStack {
  if (stack[0]?.caller === root) return stack;
  let caller = root;
  return stack.map((frame) => {
    const node = caller.child(frame.node.code);
    const moved = { ...frame, caller, node };
    caller = node;
    return moved;
  });
}
