import { Cause, RoundingMode, systemOperations } from '../isa/index.ts';
import type {
  Action,
  Decoded,
  Effect,
  FloatAction,
  I64,
  Instruction,
  LoadExtension,
  SystemAction,
} from '../isa/index.ts';
import type { ExecutionContext } from './execution-context.ts';
import { floatFunction } from './float/index.ts';
import { accrueFlags, effectiveRounding, markFloatDirty } from './float-state.ts';
import { ExpressionCompiler } from './oracle-expression.ts';

/** Executes one decoded instruction on a hart: all its effects and the new pc, or an exception and no effect. */
export type Execute = (decoded: Decoded, context: ExecutionContext) => void;

type Produce = (decoded: Decoded, context: ExecutionContext) => bigint;

const NO_OPERAND = (): bigint => 0n;

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
  state.advance(length);
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
      case 'writeFloat':
        return this.#writeFloat(effect.value);
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
        const { bytes, space } = action;
        const extended = extensions[action.extension](bytes * 8);
        const address = this.#expressions.i64(action.address);
        return (decoded, context) =>
          extended(context.load(address(decoded, context.state), bytes, space));
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
      case 'float':
        return this.#float(action);
    }
  }

  #writeFloat(value: I64 | Action): Execute {
    if ('action' in value) {
      const produce = this.#action(value);
      return (decoded, context) => {
        const { state } = context;
        state.f[decoded.frd] = produce(decoded, context);
        markFloatDirty(state);
      };
    }
    const evaluate = this.#expressions.i64(value);
    return (decoded, { state }) => {
      state.f[decoded.frd] = evaluate(decoded, state);
      markFloatDirty(state);
    };
  }

  #float(action: FloatAction): Produce {
    const compute = floatFunction(action);
    const [first = NO_OPERAND, second = NO_OPERAND, third = NO_OPERAND] = action.operands.map(
      (operand) => this.#expressions.i64(operand),
    );
    return (decoded, context) => {
      const { state } = context;
      const mode = action.rounds ? effectiveRounding(state, decoded.rm) : RoundingMode.rne;
      if (mode > RoundingMode.rmm) context.trap(Cause.illegalInstruction, BigInt(decoded.word));
      const { bits, flags } = compute(
        first(decoded, state),
        second(decoded, state),
        third(decoded, state),
        mode,
      );
      accrueFlags(state, flags);
      return bits;
    };
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
    const [first, second] = values.map((value) => this.#expressions.i64(value));
    if (first === undefined) return (decoded, context) => context.system(operation, decoded);
    if (second === undefined) {
      return (decoded, context) =>
        context.system(operation, decoded, first(decoded, context.state));
    }
    return (decoded, context) => {
      const { state } = context;
      return context.system(operation, decoded, first(decoded, state), second(decoded, state));
    };
  }
}

/** How the bits above a loaded value are filled. */
const extensions: Readonly<Record<LoadExtension, (bits: number) => (value: bigint) => bigint>> = {
  signed: (bits) => (value) => extend(bits, value),
  unsigned: () => (value) => value,
  boxed: (bits) => {
    const box = BigInt.asUintN(64, -1n << BigInt(bits));
    return (value) => value | box;
  },
};

function extend(bits: number, value: bigint): bigint {
  return BigInt.asUintN(64, BigInt.asIntN(bits, value));
}

function writeResult(produce: Produce): Execute {
  return (decoded, context) => {
    const value = produce(decoded, context);
    if (decoded.rd !== 0) context.state.x[decoded.rd] = value;
  };
}
