import { Cause, systemOperations } from '../isa/index.ts';
import type { Action, Decoded, Effect, Instruction, SystemAction } from '../isa/index.ts';
import type { ExecutionContext } from './execution-context.ts';
import { ExpressionCompiler } from './oracle-expression.ts';

/** Executes one decoded instruction on a hart: all its effects and the new pc, or an exception and no effect. */
export type Execute = (decoded: Decoded, context: ExecutionContext) => void;

type Produce = (decoded: Decoded, context: ExecutionContext) => bigint;

const compiled = new WeakMap<Instruction, Execute>();

/** The closure that executes a row's instructions; compiled on first use. */
export function execute(row: Instruction): Execute {
  let executor = compiled.get(row);
  if (executor === undefined) {
    executor = new RowCompiler().row(row.effects);
    compiled.set(row, executor);
  }
  return executor;
}

/** Whether an effect leaves the new pc to somebody else: a trap, a return from one, or a taken transfer. */
function leaves(effect: Effect): boolean {
  if (effect.effect === 'trap') return true;
  return effect.effect === 'perform' && systemOperations[effect.action.operation].redirects;
}

function advance({ length }: Decoded, { state }: ExecutionContext): void {
  state.pc = state.pc + BigInt(length);
}

class RowCompiler {
  readonly #expressions = new ExpressionCompiler();

  row(effects: readonly Effect[]): Execute {
    const [first, ...rest] = effects;
    if (first?.effect === 'jump' || first?.effect === 'branch') return this.#transfer(first, rest);
    const steps = this.#sequence(effects);
    if (effects.some(leaves)) return steps;
    return (decoded, context) => {
      steps(decoded, context);
      advance(decoded, context);
    };
  }

  /** A transfer comes first, so that a misaligned target traps before the link register changes. */
  #transfer(effect: Effect & { effect: 'jump' | 'branch' }, rest: readonly Effect[]): Execute {
    const target = this.#expressions.i64(effect.target);
    const taken =
      effect.effect === 'branch' ? this.#expressions.i32(effect.condition) : (): number => 1;
    const steps = this.#sequence(rest);
    return (decoded, context) => {
      const { state } = context;
      if (taken(decoded, state) === 0) {
        advance(decoded, context);
        return;
      }
      const address = target(decoded, state);
      if ((address & context.misalignedTargetBits) !== 0n) {
        context.trap(Cause.instructionAddressMisaligned, address);
      }
      steps(decoded, context);
      state.pc = address;
    };
  }

  #sequence(effects: readonly Effect[]): Execute {
    const steps = effects.map((effect) => this.#step(effect));
    const [only] = steps;
    if (only !== undefined && steps.length === 1) return only;
    return (decoded, context) => {
      for (const step of steps) step(decoded, context);
    };
  }

  #step(effect: Effect): Execute {
    switch (effect.effect) {
      case 'write': {
        if ('action' in effect.value) return writeResult(this.#action(effect.value));
        const value = this.#expressions.i64(effect.value);
        return (decoded, { state }) => {
          if (decoded.rd !== 0) state.x[decoded.rd] = value(decoded, state);
        };
      }
      case 'store': {
        const { bytes, space } = effect;
        const address = this.#expressions.i64(effect.address);
        const value = this.#expressions.i64(effect.value);
        return (decoded, context) => {
          const { state } = context;
          context.store(address(decoded, state), bytes, value(decoded, state), space);
        };
      }
      case 'trap': {
        const { cause } = effect;
        const value = this.#expressions.i64(effect.value);
        return (decoded, context) => context.trap(cause, value(decoded, context.state));
      }
      case 'perform': {
        const action = this.#system(effect.action);
        return (decoded, context) => {
          action(decoded, context);
        };
      }
      case 'ifZeroField': {
        const { operand } = effect;
        const whenZero = this.#sequence(effect.whenZero);
        const otherwise = this.#sequence(effect.otherwise);
        return (decoded, context) => {
          (Number(decoded[operand]) === 0 ? whenZero : otherwise)(decoded, context);
        };
      }
      case 'jump':
      case 'branch':
        throw new Error('a transfer must be the first effect of an instruction');
    }
  }

  #action(action: Action): Produce {
    switch (action.action) {
      case 'load': {
        const { bytes, space, extension } = action;
        const bits = bytes * 8;
        const address = this.#expressions.i64(action.address);
        return extension === 'unsigned'
          ? (decoded, context) => context.load(address(decoded, context.state), bytes, space)
          : (decoded, context) =>
              extend(bits, context.load(address(decoded, context.state), bytes, space));
      }
      case 'loadReserved': {
        const { bytes } = action;
        const address = this.#expressions.i64(action.address);
        return (decoded, context) =>
          extend(bytes * 8, context.loadReserved(address(decoded, context.state), bytes));
      }
      case 'storeConditional': {
        const { bytes } = action;
        const address = this.#expressions.i64(action.address);
        const value = this.#expressions.i64(action.value);
        return (decoded, context) => {
          const { state } = context;
          const stored = context.storeConditional(
            address(decoded, state),
            bytes,
            value(decoded, state),
          );
          return stored ? 0n : 1n;
        };
      }
      case 'amo':
        return this.#amo(action);
      case 'system':
        return this.#system(action);
    }
  }

  #amo({ bytes, old, updated, ...action }: Action & { action: 'amo' }): Produce {
    const bits = bytes * 8;
    const address = this.#expressions.i64(action.address);
    const cell = this.#expressions.cell64(old);
    const combine = this.#expressions.i64(updated);
    return (decoded, context) => {
      const { state } = context;
      const before = context.amo(address(decoded, state), bytes, (value) => {
        cell.value = extend(bits, value);
        return BigInt.asUintN(bits, combine(decoded, state));
      });
      return extend(bits, before);
    };
  }

  #system({ operation, values }: SystemAction): Produce {
    const evaluate = values.map((value) => this.#expressions.i64(value));
    return (decoded, context) =>
      context.system(operation, decoded, ...evaluate.map((value) => value(decoded, context.state)));
  }
}

function extend(bits: number, value: bigint): bigint {
  return BigInt.asUintN(64, BigInt.asIntN(bits, value));
}

function writeResult(produce: Produce): Execute {
  return (decoded, context) => {
    const value = produce(decoded, context);
    if (decoded.rd !== 0) context.state.x[decoded.rd] = value;
  };
}
