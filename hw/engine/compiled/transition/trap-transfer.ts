import type { Instruction } from '../../../isa/index.ts';

/** The instructions that return from a trap. */
export type ReturnInstruction = 'mret' | 'sret' | 'huret';

/** Instructions that call a handler of traps or return from it. */
export type TrapTransfer = 'ecall' | ReturnInstruction;

/** All of them, each at its number. */
export const trapTransfers: readonly TrapTransfer[] = ['ecall', 'mret', 'sret', 'huret'];

/** Which of them an instruction is, if it is one. */
export function trapTransferOf({
  effects: [only, ...more],
}: Instruction): TrapTransfer | undefined {
  if (only?.effect !== 'perform' || more.length > 0) return undefined;
  return trapTransfers.find((transfer) => transfer === only.action.operation);
}
