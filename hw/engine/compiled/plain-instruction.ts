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

type Guard = Decoded['guard'];

const openGuards = new WeakMap<Guard, boolean>();

/** Whether a guard lets every mode pass, but for the state of floating point. */
function isOpenGuard(guard: Guard): boolean {
  let open = openGuards.get(guard);
  if (open === undefined) {
    open = guard === floatEnabled || Object.keys(guard).length === 0;
    openGuards.set(guard, open);
  }
  return open;
}

/**
 * Whether every mode may execute a decoded plain instruction as generated code does. Whether floating point is on and which CSRs a
 * mode reaches, generated code finds out itself.
 */
export function isOpen(decoded: Decoded): boolean {
  const { instruction, guard, word } = decoded;
  if (!isOpenGuard(guard) || isPause(word)) return false;
  return instruction.timing === 'csr' ? mayBeDirect(decoded) : roundsAsCompiled(decoded);
}
