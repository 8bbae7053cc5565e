import {
  type Decoded,
  fcsr,
  type FloatAction,
  type Instruction,
  mstatus,
  RoundingMode,
} from '../../isa/index.ts';
import { floatSlots } from '../float-state.ts';
import type { HartState } from '../hart-state.ts';

/** What generated code may do with floating point while a hart is in its present state, as a set. */
export const FloatMode = {
  /** Registers may be read and written: the state is on, and dirty already. */
  access: 1,
  /** `frm` says to nearest. */
  nearest: 2,
  /** Inexact results may be produced: the flag is raised already. */
  inexact: 4,
} as const;

const { frm } = fcsr.fields;
const { fs } = mstatus.fields;
const INEXACT_FLAG = 1n;
const DIRTY = fs.mask >> BigInt(fs.low);

function isDirty(status: bigint): boolean {
  return (status & fs.mask) >> BigInt(fs.low) === DIRTY;
}

/** What the state of a hart lets generated code do with a value of V. */
export function floatModeOf({ csr }: HartState, virtual: boolean): number {
  if (!isDirty(csr[floatSlots.mstatus] ?? 0n)) return 0;
  if (virtual && !isDirty(csr[floatSlots.vsstatus] ?? 0n)) return 0;
  const status = csr[floatSlots.fcsr] ?? 0n;
  const nearest = (status & frm.mask) === 0n ? FloatMode.nearest : 0;
  const inexact = (status & INEXACT_FLAG) === 0n ? 0 : FloatMode.inexact;
  return FloatMode.access | nearest | inexact;
}

/** The rounding mode in which generated code executes an action: toward zero to make an integer, to nearest otherwise. */
export function compiledRounding({ to }: FloatAction): number {
  return to === 's' || to === 'd' || to === 'boolean' ? RoundingMode.rne : RoundingMode.rtz;
}

/** What an instruction needs to be allowed; 0 if it has nothing to do with floating point. */
export function floatModeFor(instruction: Instruction): number {
  if (instruction.extension !== 'f' && instruction.extension !== 'd') return 0;
  const action = floatActionOf(instruction);
  const toNearest = action?.rounds === true && compiledRounding(action) === RoundingMode.rne;
  return toNearest ? FloatMode.access | FloatMode.nearest : FloatMode.access;
}

/** Whether an instruction rounds as generated code does. */
export function roundsAsCompiled({ instruction, rm }: Decoded): boolean {
  const action = floatActionOf(instruction);
  if (action?.rounds !== true) return true;
  const mode = compiledRounding(action);
  return rm === mode || (rm === RoundingMode.dyn && mode === RoundingMode.rne);
}

const floatActions = new WeakMap<Instruction, { readonly action: FloatAction | undefined }>();

function floatActionOf(instruction: Instruction): FloatAction | undefined {
  let known = floatActions.get(instruction);
  if (known === undefined) {
    known = { action: findFloatAction(instruction) };
    floatActions.set(instruction, known);
  }
  return known.action;
}

function findFloatAction({ effects }: Instruction): FloatAction | undefined {
  for (const effect of effects) {
    if (effect.effect !== 'write' && effect.effect !== 'writeFloat') continue;
    if ('action' in effect.value && effect.value.action === 'float') return effect.value;
  }
  return undefined;
}
