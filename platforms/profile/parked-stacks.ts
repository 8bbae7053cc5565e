import type { CallStack } from './call-stack.ts';

/** A stack that a trap has interrupted, and where. */
interface Interrupted {
  readonly stack: CallStack;
  readonly pc: bigint;
}

/** Bytes of the instructions that a handler may skip. */
const lengths = [0n, 2n, 4n];

/**
 * The stacks that no hart is on at present. Two of them in one address space and mode never have the same stack pointer, which
 * is therefore what they are found again by, on whatever hart.
 */
export class ParkedStacks {
  readonly #interrupted = new Map<string, Interrupted>();
  readonly #left = new Map<string, CallStack>();

  /** A trap interrupts a stack. */
  interrupt(space: string, stackPointer: bigint, pc: bigint, stack: CallStack): void {
    this.#interrupted.set(keyOf(space, stackPointer), { stack, pc });
  }

  /** A trap return leads somewhere: the stack that was interrupted there, or at the instruction before, is taken out. */
  resume(space: string, stackPointer: bigint, pc: bigint): CallStack | undefined {
    const key = keyOf(space, stackPointer);
    const found = this.#interrupted.get(key);
    // Somewhere else: a trap that is injected, after which the stack goes on.
    if (found === undefined || !lengths.includes(pc - found.pc)) return undefined;
    this.#interrupted.delete(key);
    return found.stack;
  }

  /** Software turns from a stack to another one, to come back by the return of the innermost function. */
  leave(space: string, stack: CallStack): void {
    const top = stack.at(-1);
    if (top?.returnTo === undefined) return;
    this.#left.set(keyOf(space, top.stackPointer, top.returnTo), stack);
  }

  /** A return that no call of the present stack has announced: the stack that was left there is taken out. */
  comeBack(space: string, stackPointer: bigint, target: bigint): CallStack | undefined {
    const key = keyOf(space, stackPointer, target);
    const stack = this.#left.get(key);
    this.#left.delete(key);
    return stack;
  }
}

function keyOf(space: string, stackPointer: bigint, returnTo?: bigint): string {
  const place = returnTo === undefined ? '' : ` ${returnTo.toString(16)}`;
  return `${space} ${stackPointer.toString(16)}${place}`;
}
