import type { Expression, ValueType } from './expression.ts';

/**
 * The operand stack of one structured block, holding trees instead of values. Values still on the stack when a statement
 * comes are put into fresh locals first, so that evaluation order stays that of the binary.
 */
export class ExpressionStack {
  readonly #newLocal: (type: ValueType) => number;
  readonly #body: Expression[] = [];
  #pending: Expression[] = [];
  #isDead = false;

  constructor(newLocal: (type: ValueType) => number) {
    this.#newLocal = newLocal;
  }

  /** Adds an instruction whose operands were popped before; it is a statement if it has no type. */
  push(e: Expression): void {
    if (this.#isDead) return;
    if (e.type !== undefined) {
      this.#pending.push(e);
      return;
    }
    this.#keepPending();
    this.#body.push(e);
  }

  /** Adds an instruction after which this block does not go on. */
  terminate(e: Expression): void {
    this.push(e);
    this.#pending = [];
    this.#isDead = true;
  }

  pop(): Expression {
    // In dead code the stack holds whatever is asked of it (core spec 3.3, stack polymorphism).
    return this.#pending.pop() ?? { kind: 'unreachable', at: 0, type: undefined };
  }

  popMany(count: number): Expression[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  finish(): Expression[] {
    return [...this.#body, ...this.#pending];
  }

  #keepPending(): void {
    this.#pending = this.#pending.map((value): Expression => {
      if (value.kind === 'constant' || value.type === undefined) return value;
      const index = this.#newLocal(value.type);
      const at = value.at;
      this.#body.push({ kind: 'localSet', at, type: undefined, index, value });
      return { kind: 'localGet', at, type: value.type, index };
    });
  }
}
