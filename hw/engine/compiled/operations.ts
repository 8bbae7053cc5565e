import { type Decoded, type Instruction, isLink } from '../../isa/index.ts';
import { FIRST_OPERATION } from './packed-entry.ts';
import { isPlain } from './plain-instruction.ts';

/** What is known of a transfer when it is decoded. */
export interface TransferVariant {
  /** The target lies in the same page. */
  readonly isNear: boolean;
  readonly isCall: boolean;
  readonly isReturn: boolean;
}

/** What one operation of the interpreter executes: an instruction, for transfers in one of its variants. */
export interface Operation {
  readonly instruction: Instruction;
  readonly transfer: TransferVariant | undefined;
}

const bools = [false, true] as const;

function variantsOf({ timing }: Instruction): readonly (TransferVariant | undefined)[] {
  const variants = (near: readonly boolean[], call: readonly boolean[], back: readonly boolean[]) =>
    near.flatMap((isNear) =>
      call.flatMap((isCall) => back.map((isReturn) => ({ isNear, isCall, isReturn }))),
    );
  switch (timing) {
    case 'branch':
      return variants(bools, [false], [false]);
    case 'jump':
      return variants(bools, bools, [false]);
    case 'jumpRegister':
      return variants([false], bools, bools);
    default:
      return [undefined];
  }
}

/** The variant of a decoded transfer whose target is in the same page or not; `undefined` for other instructions. */
export function transferVariant(
  { instruction, rd, rs1 }: Decoded,
  isNear: boolean,
): TransferVariant | undefined {
  switch (instruction.timing) {
    case 'branch':
      return { isNear, isCall: false, isReturn: false };
    case 'jump':
      return { isNear, isCall: isLink(rd), isReturn: false };
    case 'jumpRegister':
      return { isNear: false, isCall: isLink(rd), isReturn: isLink(rs1) && rs1 !== rd };
    default:
      return undefined;
  }
}

function keyOf(name: string, variant: TransferVariant | undefined): string {
  return variant === undefined
    ? name
    : [name, variant.isNear, variant.isCall, variant.isReturn].join();
}

/** The operations of an interpreter, numbered. */
export class OperationTable {
  readonly operations: readonly Operation[];
  /** The same for tables of the same operations. */
  readonly key: string;
  readonly #numbers: ReadonlyMap<string, number>;

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
    this.#numbers = new Map(
      this.operations.map(({ instruction, transfer }, index) => [
        keyOf(instruction.name, transfer),
        FIRST_OPERATION + index,
      ]),
    );
  }

  /** The number of an instruction's operation, `undefined` if the interpreter has none. */
  numberOf(instruction: Instruction, transfer: TransferVariant | undefined): number | undefined {
    return this.#numbers.get(keyOf(instruction.name, transfer));
  }
}
