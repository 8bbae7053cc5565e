import type {
  AccessBytes,
  Action,
  Effect,
  Expression,
  FloatAction,
  Instruction,
} from '../../isa/index.ts';
import {
  type BoundLocals,
  emitExpression,
  type LoadOp,
  localOf,
  type Operands,
  type StoreOp,
} from '../../wasm/index.ts';
import { type CsrSite, emitCsrAccess, isCsrAccess } from './csr-code.ts';
import { FloatCode } from './float-code.ts';
import { compiledRounding, FloatMode, floatModeFor } from './float-mode.ts';

type ZeroField = Effect & { readonly effect: 'ifZeroField' };

/** What an engine does at the places where the effects of plain instructions touch the hart. */
export interface EffectSite extends CsrSite {
  readonly operands: Operands;
  readonly locals: BoundLocals;
  /** Writes the destination register; `value` puts an i64 on the stack. */
  write(value: () => void): void;
  /** Writes the floating-point destination. */
  writeFloat(value: () => void): void;
  /** Puts the floating-point mode (`FloatMode`, i32) on the stack. */
  floatMode(): void;
  /** Does one thing or the other, as a field of the instruction is 0 or not. */
  ifZeroField(operand: ZeroField['operand'], whenZero: () => void, otherwise: () => void): void;
  /** Takes a virtual address (i64) from the stack and leaves one in the machine's memory (i32), or leaves the instruction. */
  access(bytes: AccessBytes, kind: 'read' | 'write'): void;
}

/** Ones above a single in a register. */
const BOX = -(1n << 32n);

const loads: Readonly<Record<AccessBytes, Readonly<Record<'signed' | 'unsigned', LoadOp>>>> = {
  1: { signed: 'i64.load8_s', unsigned: 'i64.load8_u' },
  2: { signed: 'i64.load16_s', unsigned: 'i64.load16_u' },
  4: { signed: 'i64.load32_s', unsigned: 'i64.load32_u' },
  8: { signed: 'i64.load', unsigned: 'i64.load' },
};

const stores: Readonly<Record<AccessBytes, StoreOp>> = {
  1: 'i64.store8',
  2: 'i64.store16',
  4: 'i64.store32',
  8: 'i64.store',
};

/** Appends the code of an effect that is no transfer. Whatever can leave the instruction comes before any change. */
export function emitEffect(site: EffectSite, effect: Effect): void {
  const { code } = site;
  switch (effect.effect) {
    case 'write':
    case 'writeFloat': {
      const { value } = effect;
      site[effect.effect](() => {
        if ('action' in value) emitAction(site, value);
        else emit(site, value);
      });
      return;
    }
    case 'store':
      emit(site, effect.address);
      site.access(effect.bytes, 'write');
      emit(site, effect.value);
      code.store(stores[effect.bytes]);
      return;
    case 'ifZeroField': {
      const { operand, whenZero, otherwise } = effect;
      site.ifZeroField(operand, allOf(site, whenZero), allOf(site, otherwise));
      return;
    }
    case 'perform':
      // A fence: nothing happens but what its timing says.
      return;
    default:
      throw new Error(`no plain instruction has the effect '${effect.effect}'`);
  }
}

function allOf(site: EffectSite, effects: readonly Effect[]): () => void {
  return () => {
    for (const effect of effects) emitEffect(site, effect);
  };
}

/** Leaves an instruction that needs floating point unless the hart's state lets generated code execute it. */
export function emitFloatCheck(site: EffectSite, instruction: Instruction): void {
  const needed = floatModeFor(instruction);
  if (needed === 0) return;
  const { code } = site;
  code.i32(needed);
  site.floatMode();
  code.i32(needed);
  code.op('i32.and');
  code.op('i32.ne');
  site.leaveIf();
}

/** Appends the code of an expression at a site. */
export function emit({ code, operands, locals }: EffectSite, node: Expression): void {
  emitExpression(code, node, operands, locals);
}

/** Appends code that leaves the result of an action (i64) on the stack. */
function emitAction(site: EffectSite, action: Action): void {
  switch (action.action) {
    case 'load':
      emitLoad(site, action);
      return;
    case 'amo':
      emitAmo(site, action);
      return;
    case 'float':
      emitFloat(site, action);
      return;
    case 'system':
      if (!isCsrAccess(action))
        throw new Error(`no plain instruction performs ${action.operation}`);
      emitCsrAccess(site, action, () => {
        for (const operand of action.values) emit(site, operand);
      });
      return;
    default:
      throw new Error(`no plain instruction has the action '${action.action}'`);
  }
}

function emitLoad(site: EffectSite, action: Action & { action: 'load' }): void {
  const { code } = site;
  const { bytes, extension, address } = action;
  emit(site, address);
  site.access(bytes, 'read');
  code.load(loads[bytes][extension === 'signed' ? 'signed' : 'unsigned']);
  if (extension !== 'boxed') return;
  code.i64(BOX);
  code.op('i64.or');
}

function emitAmo(site: EffectSite, action: Action & { action: 'amo' }): void {
  const { code, locals } = site;
  const { bytes, address, updated } = action;
  const place = code.scratch('amo.place', 'i32');
  const old = localOf(code, locals, action.old);
  emit(site, address);
  site.access(bytes, 'write');
  code.tee(place);
  code.load(loads[bytes].signed);
  code.set(old);
  code.get(place);
  emit(site, updated);
  code.store(stores[bytes]);
  code.get(old);
}

function emitFloat(site: EffectSite, action: FloatAction): void {
  const { code } = site;
  const operands = action.operands.map((operand, index) => {
    const local = code.scratch(`float.operand.${String(index)}`, 'i64');
    emit(site, operand);
    code.set(local);
    return local;
  });
  const leaveIf = (): void => {
    site.leaveIf();
  };
  const inexactIf = (isInexact: () => void): void => {
    site.floatMode();
    code.i32(FloatMode.inexact);
    code.op('i32.and');
    code.op('i32.eqz');
    code.unlikely();
    code.if();
    isInexact();
    site.leaveIf();
    code.end();
  };
  new FloatCode({ code, leaveIf, inexactIf }).emit(action, operands, compiledRounding(action));
}
