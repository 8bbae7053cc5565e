import type { Effect, Instruction } from '../../isa/index.ts';
import { isPlain } from './plain-instruction.ts';
import { type TrapTransfer, trapTransferOf } from './transition/trap-transfer.ts';

/** What all entries of an instruction have in common, found once: code that is seen for the first time is decoded quickly. */
export interface EntryForm {
  /** Whether generated code executes it (`isPlain`). */
  readonly isPlain: boolean;
  readonly transfer: TrapTransfer | undefined;
  readonly writesFloat: boolean;
  /** Whether it loads or stores, so that time may pass before it has what it needs. */
  readonly access: 'reads' | 'writes' | undefined;
  /** Whether it does nothing but compute an integer, so that without a destination only time passes. */
  readonly onlyComputes: boolean;
  /** Whether it has a source where an entry holds the upper half of the immediate operand of others. */
  readonly hasSecondSource: boolean;
}

/** Whether an instruction has a source where an entry holds the upper half of the immediate operand of others. */
export function hasSecondSource({ encoding, timing }: Instruction): boolean {
  return timing === 'csr' || encoding.fields.some(({ name }) => name === 'rs2' || name === 'frs2');
}

function accessOf(effect: Effect): EntryForm['access'] {
  if (effect.effect === 'store') return 'writes';
  const hasValue = effect.effect === 'write' || effect.effect === 'writeFloat';
  if (!hasValue || !('action' in effect.value)) return undefined;
  const { action } = effect.value;
  if (action === 'amo') return 'writes';
  return action === 'load' ? 'reads' : undefined;
}

const forms = new WeakMap<Instruction, EntryForm>();

/** The form of the entries of an instruction. */
export function entryForm(instruction: Instruction): EntryForm {
  let form = forms.get(instruction);
  if (form === undefined) {
    const { effects, timing } = instruction;
    const [effect] = effects;
    form = {
      isPlain: isPlain(instruction),
      transfer: trapTransferOf(instruction),
      writesFloat: effects.some((one) => one.effect === 'writeFloat'),
      access: effects.map(accessOf).find((access) => access !== undefined),
      onlyComputes:
        timing === 'integer' && effect?.effect === 'write' && !('action' in effect.value),
      hasSecondSource: hasSecondSource(instruction),
    };
    forms.set(instruction, form);
  }
  return form;
}
