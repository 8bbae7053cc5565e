import { addressGenerationInstructions } from './address-generation.ts';
import { atomicInstructions, reservationInstructions } from './atomic.ts';
import { basicBitInstructions, unaryBitInstructions } from './bit-manipulation.ts';
import { cacheBlockInstructions } from './cache-block.ts';
import { branchInstructions, jumpInstructions } from './control-flow.ts';
import { coreLocalInstructions } from './core-local.ts';
import { csrInstructions } from './csr-access.ts';
import { delegatedAccessInstructions, delegationInstructions } from './dv-ext.ts';
import {
  doubleConversionInstructions,
  precisionInstructions,
  singleConversionInstructions,
} from './float-conversion.ts';
import { doubleArithmeticInstructions, doubleSelectionInstructions } from './float-double.ts';
import { floatMemoryInstructions } from './float-memory.ts';
import { singleArithmeticInstructions, singleSelectionInstructions } from './float-single.ts';
import { guestAccessInstructions, guestFenceInstructions } from './hypervisor.ts';
import type { Instruction } from './instruction.ts';
import { immediateInstructions, registerInstructions } from './integer.ts';
import { invalidationInstructions } from './invalidation.ts';
import { fenceInstructions, loadInstructions, storeInstructions } from './memory.ts';
import { divideInstructions, multiplyInstructions } from './multiply.ts';
import { privilegedInstructions } from './privileged.ts';
import { singleBitInstructions } from './single-bit.ts';

const table = [
  ...registerInstructions,
  ...immediateInstructions,
  ...branchInstructions,
  ...jumpInstructions,
  ...loadInstructions,
  ...storeInstructions,
  ...fenceInstructions,
  ...multiplyInstructions,
  ...divideInstructions,
  ...addressGenerationInstructions,
  ...basicBitInstructions,
  ...unaryBitInstructions,
  ...singleBitInstructions,
  ...reservationInstructions,
  ...atomicInstructions,
  ...cacheBlockInstructions,
  ...floatMemoryInstructions,
  ...singleArithmeticInstructions,
  ...singleSelectionInstructions,
  ...singleConversionInstructions,
  ...doubleArithmeticInstructions,
  ...doubleSelectionInstructions,
  ...doubleConversionInstructions,
  ...precisionInstructions,
  ...csrInstructions,
  ...privilegedInstructions,
  ...guestAccessInstructions,
  ...guestFenceInstructions,
  ...invalidationInstructions,
  ...delegationInstructions,
  ...delegatedAccessInstructions,
  ...coreLocalInstructions,
] as const;

/** The name of an instruction, as assembly spells it. */
export type InstructionName = (typeof table)[number]['name'];

/** The row that declares an instruction. */
export type InstructionNamed<N extends InstructionName> = Extract<
  (typeof table)[number],
  { readonly name: N }
>;

/** The operands of an instruction as assembly orders them: `'rd, imm(rs1)'`. */
export type AssemblySyntax<N extends InstructionName> = InstructionNamed<N>['assembly'];

/** Every instruction of the model, whatever extension it belongs to. */
export const instructions: readonly Instruction[] = table;

const byName = new Map<string, Instruction>(table.map((row) => [row.name, row]));
if (byName.size !== table.length) throw new Error('two instructions have the same name');

/** The row of an instruction, if there is one of that name. */
export function instructionByName(name: string): Instruction | undefined {
  return byName.get(name);
}
