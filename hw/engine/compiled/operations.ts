import { type Decoded, type Instruction, isLink } from '../../isa/index.ts';
import { FIRST_OPERATION } from './packed-entry.ts';
import { isPlain } from './plain-instruction.ts';

/** What is known of a transfer when it is decoded. */
export interface TransferVariant {
  /** The target lies in the same page. */
  readonly isNear: boolean;
  readonly isCall: boolean;
  readonly isReturn: boolean;
  /** A branch to the next instruction, which counts as not taken, whatever its condition. */
  readonly isIdle: boolean;
}

/** What one operation of the interpreter executes: an instruction, for transfers in one of its variants. */
export interface Operation {
  readonly instruction: Instruction;
  readonly transfer: TransferVariant | undefined;
}

const none: TransferVariant = { isNear: false, isCall: false, isReturn: false, isIdle: false };
const bools = [false, true] as const;

function variantsOf({ timing }: Instruction): readonly (TransferVariant | undefined)[] {
  switch (timing) {
    case 'branch':
      return [none, { ...none, isNear: true }, { ...none, isNear: true, isIdle: true }];
    case 'jump':
      return bools.flatMap((isNear) => bools.map((isCall) => ({ ...none, isNear, isCall })));
    case 'jumpRegister':
      return bools.flatMap((isCall) => bools.map((isReturn) => ({ ...none, isCall, isReturn })));
    default:
      return [undefined];
  }
}

/** The variant of a decoded transfer whose target is in the same page or not; `undefined` for other instructions. */
export function transferVariant(
  { instruction, rd, rs1, imm, length }: Decoded,
  isNear: boolean,
): TransferVariant | undefined {
  switch (instruction.timing) {
    case 'branch': {
      const isIdle = Number(imm) === length;
      return { ...none, isNear: isNear || isIdle, isIdle };
    }
    case 'jump':
      return { ...none, isNear, isCall: isLink(rd) };
    case 'jumpRegister':
      return { ...none, isCall: isLink(rd), isReturn: isLink(rs1) && rs1 !== rd };
    default:
      return undefined;
  }
}

/** Tells the variants of an instruction apart. */
function keyOf(variant: TransferVariant | undefined): number {
  if (variant === undefined) return 0;
  const { isNear, isCall, isReturn, isIdle } = variant;
  return (isNear ? 1 : 0) + (isCall ? 2 : 0) + (isReturn ? 4 : 0) + (isIdle ? 8 : 0);
}

/** The operations of an interpreter, numbered. */
export class OperationTable {
  readonly operations: readonly Operation[];
  /** The same for tables of the same operations. */
  readonly key: string;
  /** By instruction and the key of its variant. */
  readonly #numbers = new Map<Instruction, number[]>();

  /** One operation per plain instruction and variant. */
  constructor(instructions: readonly Instruction[]) {
    this.operations = instructions
      .filter(isPlain)
      .flatMap((instruction) =>
        variantsOf(instruction).map((transfer) => ({ instruction, transfer })),
      );
    if (FIRST_OPERATION + this.operations.length > 0x100) {
      throw new Error('the interpreter has more operations than an entry can name');
    }
    this.key = this.operations.map(({ instruction }) => instruction.name).join();
    for (const [index, { instruction, transfer }] of this.operations.entries()) {
      const numbers = this.#numbers.get(instruction) ?? [];
      numbers[keyOf(transfer)] = FIRST_OPERATION + index;
      this.#numbers.set(instruction, numbers);
    }
  }

  /** The number of an instruction's operation, `undefined` if the interpreter has none. */
  numberOf(instruction: Instruction, transfer: TransferVariant | undefined): number | undefined {
    return this.#numbers.get(instruction)?.[keyOf(transfer)];
  }
}
