import type { Action, Decoded, Effect, Instruction } from '../../isa/index.ts';

function isPlainAction(action: Action): boolean {
  return action.action === 'amo' || (action.action === 'load' && action.space === 'current');
}

function isPlainEffect(effect: Effect): boolean {
  switch (effect.effect) {
    case 'write':
      return 'action' in effect.value ? isPlainAction(effect.value) : true;
    case 'store':
      return effect.space === 'current';
    case 'branch':
    case 'jump':
      return true;
    case 'perform':
      // Harts take turns, so that the order of their accesses is that of their instructions.
      return effect.action.operation === 'fence';
    case 'writeFloat':
    case 'trap':
    case 'ifZeroField':
      return false;
  }
}

/**
 * Whether an instruction does nothing but compute, access memory as the hart itself and transfer control, so that
 * generated code can execute it; the others are executed one by one.
 */
export function isPlain({ effects, extension, timing }: Instruction): boolean {
  const isFloat = extension === 'f' || extension === 'd';
  return !isFloat && timing !== 'instructionFence' && effects.every(isPlainEffect);
}

/** Whether a decoded instruction is plain and every mode may execute it. */
export function isPlainAnywhere({ instruction, guard }: Decoded): boolean {
  return Object.keys(guard).length === 0 && isPlain(instruction);
}
