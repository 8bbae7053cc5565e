import { fitsImmediate } from '../assembly/constant-sequence.ts';
import type { VirtualRegister } from '../lir/virtual-register.ts';
import type { Expression, Load, Store } from '../wasm/expression.ts';
import { constantOf } from './local-facts.ts';
import type { Lowering } from './lowering.ts';
import { lowerLowBits, lowerValue } from './operand.ts';

/** Base register and 12-bit offset of a memory access. */
export interface MemoryOperand {
  readonly base: VirtualRegister;
  readonly offset: bigint;
}

const signedLoads = { 1: 'lb', 2: 'lh', 4: 'lw', 8: 'ld' } as const;
const unsignedLoads = { 1: 'lbu', 2: 'lhu', 4: 'lwu', 8: 'ld' } as const;
const stores = { 1: 'sb', 2: 'sh', 4: 'sw', 8: 'sd' } as const;

/** Folds additions of constants into the offset; `later` are expressions evaluated before the access. */
export function lowerAddress(
  l: Lowering,
  address: Expression,
  offset: bigint,
  later: readonly Expression[] = [],
): MemoryOperand {
  let base = address;
  let folded = BigInt.asIntN(64, offset);
  while (base.kind === 'binary' && base.operator === 'add') {
    const addend = constantOf(base.right);
    if (addend === undefined || !fitsImmediate(folded + addend)) break;
    folded += addend;
    base = base.left;
  }
  const absolute = constantOf(base);
  if (absolute !== undefined) {
    const target = BigInt.asIntN(64, absolute + folded);
    const low = BigInt.asIntN(12, target);
    return { base: l.constant(target - low), offset: low };
  }
  const register = l.protect(lowerValue(l, base), later);
  if (fitsImmediate(folded)) return { base: register, offset: folded };
  return { base: l.compute('add', register, l.constant(folded)), offset: 0n };
}

/** Lowers a load that the optimiser may move, merge or drop. */
export function lowerLoad(
  l: Lowering,
  e: Load,
  want: VirtualRegister | undefined,
): VirtualRegister {
  const { base, offset } = lowerAddress(l, e.address, e.offset);
  const mnemonic = e.signed ? signedLoads[e.bytes] : unsignedLoads[e.bytes];
  return l.emitValue({ kind: 'load', mnemonic, a: base, immediate: offset }, want);
}

/** Lowers a store that the optimiser may move past loads and stores elsewhere. */
export function lowerStore(l: Lowering, e: Store): void {
  const { base, offset } = lowerAddress(l, e.address, e.offset, [e.value]);
  const b = e.value.type === 'i32' ? lowerLowBits(l, e.value) : lowerStoredValue(l, e);
  l.emit({ kind: 'store', mnemonic: stores[e.bytes], a: base, b, immediate: offset });
}

function lowerStoredValue(l: Lowering, e: Store): VirtualRegister {
  const isExtension =
    e.value.kind === 'unary' &&
    (e.value.operator === 'extendUnsigned32' || e.value.operator === 'extendSigned32');
  return isExtension && e.bytes <= 4 ? lowerLowBits(l, e.value.value) : lowerValue(l, e.value);
}
