import { type Decoded, fieldNamed, isPause } from '../../isa/index.ts';
import { arithmeticOperation, type ArithmeticOperation } from '../multiply-divide.ts';
import { pipelineAccess } from '../pipeline-view.ts';

/** What the data cache is asked to do. */
export type MemoryKind =
  'none' | 'load' | 'store' | 'loadReserved' | 'storeConditional' | 'atomic' | 'translationFence';

/** How an instruction leaves the straight line. */
export type TransferKind = 'none' | 'branch' | 'jump' | 'jumpRegister';

/** Which floating-point unit computes; the latency follows from it. */
export type FloatUnit = 'none' | 'fast' | 'single' | 'double' | 'divider';

/** An instruction as the core's control sees it; the stages look at it as a control word (`control-word.ts`). */
export interface InstructionView {
  /** Registers that are read or written, x0 left out; -1 is none. */
  readonly rs1: number;
  readonly rs2: number;
  readonly rd: number;
  readonly frs1: number;
  readonly frs2: number;
  readonly frs3: number;
  readonly frd: number;
  /** Whether it has an integer destination, even x0. */
  readonly writesInteger: boolean;
  readonly isFloat: boolean;
  readonly floatUnit: FloatUnit;
  /** Whether it is a division or square root in double precision (of the divider's two). */
  readonly isDouble: boolean;
  readonly isSquareRoot: boolean;
  /** Whether it raises floating-point flags, or delivers an integer. */
  readonly setsFlags: boolean;
  readonly toInteger: boolean;
  readonly memory: MemoryKind;
  readonly bytes: number;
  readonly reads: boolean;
  readonly writes: boolean;
  /** Multiplication and division; `undefined` for all others. */
  readonly arithmetic: ArithmeticOperation | undefined;
  readonly transfer: TransferKind;
  /** Whether the result of a read of a CSR comes from write-back. */
  readonly isCsr: boolean;
  /** Whether it touches the floating-point CSRs. */
  readonly isFloatCsr: boolean;
  /** Whether everything behind it is fetched again. */
  readonly flushes: boolean;
  readonly isFence: boolean;
  readonly isInstructionFence: boolean;
  /** Whether what follows stays in decode until the low bits of `mcycle` are zero. */
  readonly pauses: boolean;
  readonly acquires: boolean;
  readonly releases: boolean;
}

const NONE = -1;
const AQ = 1 << 26;
const RL = 1 << 25;
/** The registers behind addresses 0x40 to 0x43 of each mode hold the state of a trap, and writing them changes nothing else. */
const QUIET_FIRST = 0x340;
const QUIET_LAST = 0x343;
const MODE_BITS = 0x300;
const LAST_FLOAT_CSR = 3;

type RegisterField = 'rs1' | 'rs2' | 'rd' | 'frs1' | 'frs2' | 'frs3' | 'frd';

function memoryOf({ instruction }: Decoded): MemoryKind {
  switch (instruction.timing) {
    case 'load':
    case 'store':
    case 'loadReserved':
    case 'storeConditional':
    case 'atomic':
      return instruction.timing;
    case 'translationFence':
      return 'translationFence';
    default:
      return 'none';
  }
}

function floatUnitOf({ instruction }: Decoded): FloatUnit {
  switch (instruction.timing) {
    case 'floatSingle':
      return 'single';
    case 'floatDouble':
      return 'double';
    case 'floatMove':
      return 'fast';
    case 'floatDivideSingle':
    case 'floatDivideDouble':
    case 'floatSquareRootSingle':
    case 'floatSquareRootDouble':
      return 'divider';
    default:
      return 'none';
  }
}

function transferOf({ instruction }: Decoded): TransferKind {
  const { timing } = instruction;
  return timing === 'branch' || timing === 'jump' || timing === 'jumpRegister' ? timing : 'none';
}

/** Whether a CSR access empties the pipeline: any write but to registers that hold a trap's state. */
function csrFlushes({ instruction, rs1, csr, word }: Decoded): boolean {
  const isWrite = instruction.name.startsWith('csrrw');
  const operand = instruction.name.endsWith('i') ? (word >>> 15) & 31 : rs1;
  if (!isWrite && operand === 0) return false;
  const asMachine = csr | MODE_BITS;
  return asMachine < QUIET_FIRST || asMachine > QUIET_LAST;
}

function flushesOf(decoded: Decoded): boolean {
  switch (decoded.instruction.timing) {
    case 'csr':
      return csrFlushes(decoded);
    case 'environment':
    case 'trapReturn':
    case 'wait':
    case 'translationFence':
    case 'instructionFence':
      return true;
    default:
      return pipelineAccess(decoded)?.forGuest === true;
  }
}

const flagless = /^f(sgnj|mv|class|l|s[wd]$)/;

/** What control words of the same instruction have in common; a register is there, or -1. */
type Kind = Omit<InstructionView, 'isFloatCsr' | 'pauses' | 'flushes' | 'acquires' | 'releases'>;

const kinds = new WeakMap<Decoded['instruction'], Kind>();
const HERE = 0;

function kindOf(decoded: Decoded): Kind {
  const { instruction } = decoded;
  const { timing, name, encoding } = instruction;
  const memory = memoryOf(decoded);
  const fieldOf = (field: RegisterField): number => {
    return fieldNamed(encoding, field) === undefined ? NONE : HERE;
  };
  const [frs1, frs2, frs3, frd] = [
    fieldOf('frs1'),
    fieldOf('frs2'),
    fieldOf('frs3'),
    fieldOf('frd'),
  ];
  const isFloat = [frs1, frs2, frs3, frd].includes(HERE);
  const isAtomic =
    memory === 'atomic' || memory === 'loadReserved' || memory === 'storeConditional';
  return {
    rs1: fieldOf('rs1'),
    rs2: fieldOf('rs2'),
    rd: fieldOf('rd'),
    frs1,
    frs2,
    frs3,
    frd,
    writesInteger: fieldOf('rd') === HERE,
    isFloat,
    floatUnit: floatUnitOf(decoded),
    isDouble: timing.endsWith('Double'),
    isSquareRoot: timing.startsWith('floatSquareRoot'),
    setsFlags: isFloat && memory === 'none' && !flagless.test(name),
    toInteger: timing === 'floatToInteger',
    memory,
    bytes: pipelineAccess(decoded)?.bytes ?? 8,
    reads: memory === 'load' || isAtomic,
    writes: memory === 'store' || memory === 'atomic' || memory === 'storeConditional',
    arithmetic: arithmeticOperation(instruction),
    transfer: transferOf(decoded),
    isCsr:
      timing === 'csr' || timing === 'environment' || timing === 'trapReturn' || timing === 'wait',
    isFence: timing === 'fence',
    isInstructionFence: timing === 'instructionFence',
  };
}

/** Works out what the core's control sees of an instruction. */
export function viewOf(decoded: Decoded): InstructionView {
  const { instruction, word } = decoded;
  let kind = kinds.get(instruction);
  if (kind === undefined) kinds.set(instruction, (kind = kindOf(decoded)));
  const { memory } = kind;
  const isAtomic =
    memory === 'atomic' || memory === 'loadReserved' || memory === 'storeConditional';
  const isCsr = instruction.timing === 'csr';
  return {
    ...kind,
    rs1: kind.rs1 === NONE ? NONE : registerOf(decoded.rs1),
    rs2: kind.rs2 === NONE ? NONE : registerOf(decoded.rs2),
    rd: kind.rd === NONE ? NONE : registerOf(decoded.rd),
    frs1: kind.frs1 === NONE ? NONE : decoded.frs1,
    frs2: kind.frs2 === NONE ? NONE : decoded.frs2,
    frs3: kind.frs3 === NONE ? NONE : decoded.frs3,
    frd: kind.frd === NONE ? NONE : decoded.frd,
    pauses: kind.isFence && isPause(word),
    isFloatCsr: isCsr && decoded.csr >= 1 && decoded.csr <= LAST_FLOAT_CSR,
    flushes: flushesOf(decoded),
    acquires: isAtomic && (word & AQ) !== 0,
    releases: isAtomic && (word & RL) !== 0,
  };
}

/** x0 is none. */
function registerOf(number: number): number {
  return number === 0 ? NONE : number;
}
