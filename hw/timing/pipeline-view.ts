import {
  type AccessBytes,
  type Action,
  type Decoded,
  type Effect,
  type Instruction,
  type SystemOperation,
  systemOperations,
} from '../isa/index.ts';

/** What the pipeline sees of an instruction's memory access. */
export interface PipelineAccess {
  readonly kind: 'load' | 'store' | 'atomic';
  readonly bytes: AccessBytes;
  /** HLV, HLVX and HSV, which empty the pipeline behind them. */
  readonly forGuest: boolean;
}

function accessOfAction(action: Action): PipelineAccess | undefined {
  switch (action.action) {
    case 'load':
      return { kind: 'load', bytes: action.bytes, forGuest: action.space !== 'current' };
    case 'loadReserved':
      return { kind: 'load', bytes: action.bytes, forGuest: false };
    case 'storeConditional':
    case 'amo':
      return { kind: 'atomic', bytes: action.bytes, forGuest: false };
    case 'system':
      return accessOfOperation(action.operation);
    case 'float':
      return undefined;
  }
}

function accessOfOperation(operation: SystemOperation): PipelineAccess | undefined {
  const row = systemOperations[operation];
  return 'access' in row ? { kind: row.access, bytes: 8, forGuest: false } : undefined;
}

function accessOfEffect(effect: Effect): PipelineAccess | undefined {
  if (effect.effect === 'store') {
    return { kind: 'store', bytes: effect.bytes, forGuest: effect.space !== 'current' };
  }
  if (effect.effect === 'perform') return accessOfOperation(effect.action.operation);
  const isWrite = effect.effect === 'write' || effect.effect === 'writeFloat';
  return isWrite && 'action' in effect.value ? accessOfAction(effect.value) : undefined;
}

const views = new WeakMap<Instruction, { readonly access: PipelineAccess | undefined }>();

/** The memory access of an instruction, as its semantics state it. */
export function pipelineAccess({ instruction }: Decoded): PipelineAccess | undefined {
  let view = views.get(instruction);
  if (view === undefined) {
    view = { access: instruction.effects.map(accessOfEffect).find((found) => found !== undefined) };
    views.set(instruction, view);
  }
  return view.access;
}
