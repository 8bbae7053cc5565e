import { branchInstructions, jumpInstructions } from './control-flow.ts';
import type { Instruction } from './instruction.ts';
import { immediateInstructions, registerInstructions } from './integer.ts';
import { fenceInstructions, loadInstructions, storeInstructions } from './memory.ts';

const table = [
  ...registerInstructions,
  ...immediateInstructions,
  ...branchInstructions,
  ...jumpInstructions,
  ...loadInstructions,
  ...storeInstructions,
  ...fenceInstructions,
] as const;

/** The name of an instruction, as assembly spells it. */
export type InstructionName = (typeof table)[number]['name'];

/** The row that declares an instruction. */
export type InstructionNamed<N extends InstructionName> = Extract<
  (typeof table)[number],
  { readonly name: N }
>;

/** Every instruction of the model, whatever extension it belongs to. */
export const instructions: readonly Instruction[] = table;

const byName = new Map<string, Instruction>(table.map((row) => [row.name, row]));
if (byName.size !== table.length) throw new Error('two instructions have the same name');

/** The row of an instruction, if there is one of that name. */
export function instructionByName(name: string): Instruction | undefined {
  return byName.get(name);
}
