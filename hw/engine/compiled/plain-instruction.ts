import {
  type Action,
  type Decoded,
  type Effect,
  floatEnabled,
  type Instruction,
  isPause,
} from '../../isa/index.ts';
import { isCsrAccess } from './csr-code.ts';
import { mayBeDirect } from './direct-csr.ts';
import { hasFloatCode } from './float-code.ts';
import { compiledRounding, roundsAsCompiled } from './float-mode.ts';

function isPlainAction(action: Action): boolean {
  switch (action.action) {
    case 'load':
      return action.space === 'current';
    case 'float':
      return hasFloatCode(action, compiledRounding(action));
    case 'system':
      return isCsrAccess(action);
    default:
      return action.action === 'amo';
  }
}

function isPlainEffect(effect: Effect): boolean {
  switch (effect.effect) {
    case 'write':
    case 'writeFloat':
      return 'action' in effect.value ? isPlainAction(effect.value) : true;
    case 'store':
      return effect.space === 'current';
    case 'branch':
    case 'jump':
      return true;
    case 'perform':
      // Harts take turns, so that the order of their accesses is that of their instructions.
      return effect.action.operation === 'fence';
    case 'ifZeroField':
      return [...effect.whenZero, ...effect.otherwise].every(isPlainEffect);
    case 'trap':
      return false;
  }
}

/**
 * Whether an instruction does nothing but compute, access memory as the hart itself or a CSR and transfer control, so that
 * generated code can execute it; the others are executed one by one.
 */
export function isPlain({ effects, timing }: Instruction): boolean {
  return timing !== 'instructionFence' && effects.every(isPlainEffect);
}

/**
 * Whether a decoded instruction is plain and every mode may execute it. Whether floating point is on and which CSRs a mode
 * reaches, generated code finds out itself.
 */
export function isPlainAnywhere(decoded: Decoded): boolean {
  const { instruction, guard, word } = decoded;
  const isOpen = guard === floatEnabled || Object.keys(guard).length === 0;
  if (!isOpen || !isPlain(instruction) || isPause(word)) return false;
  return instruction.timing === 'csr' ? mayBeDirect(decoded) : roundsAsCompiled(decoded);
}
