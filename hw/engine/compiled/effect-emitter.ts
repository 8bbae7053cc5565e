import type { AccessBytes, Action, Effect, Expression } from '../../isa/index.ts';
import {
  type BoundLocals,
  type Code,
  emitExpression,
  type LoadOp,
  localOf,
  type Operands,
  type StoreOp,
} from '../../wasm/index.ts';

/** What an engine does at the places where the effects of plain instructions touch the hart. */
export interface EffectSite {
  readonly code: Code;
  readonly operands: Operands;
  readonly locals: BoundLocals;
  /** Writes the destination register; `value` puts an i64 on the stack. */
  write(value: () => void): void;
  /** Takes a virtual address (i64) from the stack and leaves one in the machine's memory (i32), or leaves the instruction. */
  access(bytes: AccessBytes, kind: 'read' | 'write'): void;
}

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
    case 'write': {
      const { value } = effect;
      if ('action' in value) emitAction(site, value);
      else {
        site.write(() => {
          emit(site, value);
        });
      }
      return;
    }
    case 'store':
      emit(site, effect.address);
      site.access(effect.bytes, 'write');
      emit(site, effect.value);
      code.store(stores[effect.bytes]);
      return;
    case 'perform':
      // A fence: nothing happens but what its timing says.
      return;
    default:
      throw new Error(`no plain instruction has the effect '${effect.effect}'`);
  }
}

/** Appends the code of an expression at a site. */
export function emit({ code, operands, locals }: EffectSite, node: Expression): void {
  emitExpression(code, node, operands, locals);
}

function emitAction(site: EffectSite, action: Action): void {
  const { code, locals } = site;
  if (action.action === 'load') {
    site.write(() => {
      emit(site, action.address);
      site.access(action.bytes, 'read');
      code.load(loads[action.bytes][action.extension === 'signed' ? 'signed' : 'unsigned']);
      if (action.extension === 'boxed') {
        code.i64(-1n << BigInt(8 * action.bytes));
        code.op('i64.or');
      }
    });
    return;
  }
  if (action.action !== 'amo')
    throw new Error(`no plain instruction has the action '${action.action}'`);
  const place = code.scratch('amo.place', 'i32');
  const old = localOf(code, locals, action.old);
  emit(site, action.address);
  site.access(action.bytes, 'write');
  code.tee(place);
  code.load(loads[action.bytes].signed);
  code.set(old);
  code.get(place);
  emit(site, action.updated);
  code.store(stores[action.bytes]);
  site.write(() => {
    code.get(old);
  });
}
