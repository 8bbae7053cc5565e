import { type Decoded, fieldNamed, isPause } from '../../isa/index.ts';
import { arithmeticOperation, type ArithmeticOperation } from '../multiply-divide.ts';
import { pipelineAccess } from '../pipeline-view.ts';

/** What the data cache is asked to do. */
export type MemoryKind =
  | 'none'
  | 'load'
  | 'store'
  | 'loadReserved'
  | 'storeConditional'
  | 'atomic'
  | 'translationFence'
  | 'cacheBlock';

/** How an instruction leaves the straight line. */
export type TransferKind = 'none' | 'branch' | 'jump' | 'jumpRegister';

/** Which floating-point unit computes; the latency follows from it. */
export type FloatUnit = 'none' | 'fast' | 'single' | 'double' | 'divider';

/** What the core's control sees of an instruction, whatever its operands; the stages look at a control word (`control-word.ts`). */
export interface InstructionKind {
  /** Whether there are such registers. */
  readonly rs1: boolean;
  readonly rs2: boolean;
  readonly rd: boolean;
  readonly frs1: boolean;
  readonly frs2: boolean;
  readonly frs3: boolean;
  readonly frd: boolean;
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
  /** Whether everything behind it is fetched again; of accesses to CSRs that depends on the CSR. */
  readonly flushes: boolean;
  readonly isFence: boolean;
  readonly isInstructionFence: boolean;
  /** Whether it reads, changes and writes memory, and may order other accesses. */
  readonly isAtomic: boolean;
}

/** What else depends on the operands of an instruction. */
export interface InstructionDetails {
  /** Whether it touches the floating-point CSRs. */
  readonly isFloatCsr: boolean;
  readonly flushes: boolean;
  /** Whether what follows stays in decode until the low bits of `mcycle` are zero. */
  readonly pauses: boolean;
  readonly acquires: boolean;
  readonly releases: boolean;
}

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
    case 'cacheBlock':
      return instruction.timing;
    case 'cacheBlockZero':
      return 'store';
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

/** Finds out about the instruction that one is an example of. */
export function kindOf(decoded: Decoded): InstructionKind {
  const { instruction } = decoded;
  const { timing, name, encoding } = instruction;
  const memory = memoryOf(decoded);
  const has = (field: RegisterField): boolean => fieldNamed(encoding, field) !== undefined;
  const [frs1, frs2, frs3, frd] = [has('frs1'), has('frs2'), has('frs3'), has('frd')];
  const isFloat = frs1 || frs2 || frs3 || frd;
  const isAtomic =
    memory === 'atomic' || memory === 'loadReserved' || memory === 'storeConditional';
  return {
    rs1: has('rs1'),
    rs2: has('rs2'),
    rd: has('rd'),
    frs1,
    frs2,
    frs3,
    frd,
    writesInteger: has('rd'),
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
    flushes: flushesOf(decoded),
    isAtomic,
  };
}

/** Finds out what else there is about one with its operands; `undefined` if that is nothing, as with most. */
export function detailsOf(
  decoded: Decoded,
  { isAtomic, isFence }: InstructionKind,
): InstructionDetails | undefined {
  const { instruction, word, csr } = decoded;
  const isCsr = instruction.timing === 'csr';
  if (!isCsr && !isAtomic && !isFence) return undefined;
  return {
    isFloatCsr: isCsr && csr >= 1 && csr <= LAST_FLOAT_CSR,
    flushes: isCsr && csrFlushes(decoded),
    pauses: isFence && isPause(word),
    acquires: isAtomic && (word & AQ) !== 0,
    releases: isAtomic && (word & RL) !== 0,
  };
}
