import { type Decoded, type Instruction, isLink } from '../../isa/index.ts';
import { twinsOf } from './computation.ts';
import { type OperationPair, pairsOf } from './operation-pairs.ts';
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
  /** Whether it also executes the instruction that computes the same of a register and an immediate operand. */
  readonly hasBothForms: boolean;
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

/** Operations that an entry can name. */
const MOST_OPERATIONS = 0x100;

/** The operations of an interpreter, numbered. */
export class OperationTable {
  readonly operations: readonly Operation[];
  /** Their numbers follow those of the operations. */
  readonly pairs: readonly OperationPair[];
  /** The same for tables of the same operations. */
  readonly key: string;
  /** By instruction and the key of its variant. */
  readonly #numbers = new Map<Instruction, number[]>();
  /** Instructions that share an operation with another form of themselves. */
  readonly #forms = new Set<Instruction>();
  /** By the numbers of two operations: the number of their pair, or that of the first if there is none. */
  readonly #joined = new Uint8Array(MOST_OPERATIONS * MOST_OPERATIONS);
  /** By number: that of the first of a pair, or of the operation itself. */
  readonly #firsts = Uint8Array.from({ length: MOST_OPERATIONS }, (_, number) => number);

  /**
   * One operation per plain instruction and variant, or per instruction in both its forms; and where `hasPairs` says so pairs, as many as
   * there are numbers left for.
   */
  constructor(instructions: readonly Instruction[], hasPairs: boolean) {
    const operations: Operation[] = [];
    const plain = instructions.filter(isPlain);
    const twins = twinsOf(plain);
    for (const instruction of plain) {
      const numbers: number[] = [];
      const twin = twins.get(instruction);
      const known = twin && this.#numbers.get(twin);
      if (twin !== undefined) this.#forms.add(instruction);
      for (const transfer of variantsOf(instruction)) {
        numbers[keyOf(transfer)] = known?.[0] ?? FIRST_OPERATION + operations.length;
        if (known === undefined) {
          operations.push({ instruction, transfer, hasBothForms: twin !== undefined });
        }
      }
      this.#numbers.set(instruction, numbers);
    }
    const room = MOST_OPERATIONS - FIRST_OPERATION - operations.length;
    if (room < 0) throw new Error('the interpreter has more operations than an entry can name');
    this.operations = operations;
    this.pairs = hasPairs ? pairsOf(operations, room) : [];
    const names = plain.map(({ name }) => name);
    this.key = [String(this.pairs.length), ...names].join();
    this.#join();
  }

  /** Numbers the pairs. */
  #join(): void {
    for (let first = 0; first < MOST_OPERATIONS; first += 1) {
      this.#joined.fill(first, first * MOST_OPERATIONS, (first + 1) * MOST_OPERATIONS);
    }
    const numbers = new Map(this.operations.map((operation, index) => [operation, index]));
    for (const [index, { first, second }] of this.pairs.entries()) {
      const number = FIRST_OPERATION + this.operations.length + index;
      const one = FIRST_OPERATION + (numbers.get(first) ?? 0);
      const two = FIRST_OPERATION + (numbers.get(second) ?? 0);
      this.#joined[one * MOST_OPERATIONS + two] = number;
      this.#firsts[number] = one;
    }
  }

  /** The number of what is done for an instruction alone, of the number of what is done for it and maybe for the next. */
  firstOf(number: number): number {
    return this.#firsts[number] ?? 0;
  }

  /** The number of a pair of operations by theirs; that of the first if they make none. */
  joined(first: number, second: number): number {
    return this.#joined[first * MOST_OPERATIONS + second] ?? first;
  }

  /** Whether the operation of an instruction has both its forms: it adds the second register and the immediate operand, one being 0. */
  hasBothForms(instruction: Instruction): boolean {
    return this.#forms.has(instruction);
  }

  /** The number of an instruction's operation, `undefined` if the interpreter has none. */
  numberOf(instruction: Instruction, transfer: TransferVariant | undefined): number | undefined {
    return this.#numbers.get(instruction)?.[keyOf(transfer)];
  }
}
